import { memoryRows } from '@holdfast/credential-broker';
import { sealedRowsContract } from './sealed-rows-contract.ts';

sealedRowsContract('memory', async () => memoryRows());
