import { generateSigner, openEngine } from '@holdfast/audit';

// Opens a log, appends one entry and holds the log open until it is killed. Never publishes: its key is its own.
const engine = await openEngine({
  dir: process.argv[2] ?? '',
  origin: 'audit.example/test',
  signer: { publicKey: generateSigner().publicKey, sign: () => new Promise<Uint8Array>(() => {}) },
});
await engine.append('a', Buffer.from('held'));
console.log('ready');
setInterval(() => {}, 1000);
