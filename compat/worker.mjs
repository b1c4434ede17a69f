// For workerd, where a timer belongs to the request that armed it.
import { isTimeout, timeout } from '@holdfast/timeout';
import { smoke } from './smoke.mjs';

const shared = timeout({ timeoutMs: 50 });
const hang = () => shared.try(() => new Promise(() => {}));

const routes = {
  async '/smoke'() {
    const names = await smoke();
    return `${names.length} checks hold`;
  },
  // Answers while its timeout is still armed; the timer dies with this request.
  '/arm'() {
    void hang();
    return 'armed';
  },
  async '/wait'() {
    const result = await hang();
    return !result.ok && isTimeout(result.error) ? 'timed out' : 'no timeout';
  },
};

export default {
  async fetch(request) {
    try {
      const route = routes[new URL(request.url).pathname];
      return new Response(await route());
    } catch (error) {
      return new Response(error?.message ?? String(error), { status: 500 });
    }
  },
};
