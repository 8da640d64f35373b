import { loseAnswer, type Plan, setPlan, watch } from './points-runtime.ts';
import worker, { Directory, Workspace as Original } from '#src/worker.ts';

/* The worker as it is deployed, and a door by which a test names the point at which it dies. */

type Arguments = ConstructorParameters<typeof Original>;

export { Directory };

export class Workspace extends Original {
  constructor(...[ctx, env]: Arguments) {
    watch(ctx as never);
    super(ctx, env);
  }
}

export default {
  ...worker,
  async fetch(request: Request, ...rest: unknown[]): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === '/points') {
      setPlan((await request.json()) as Plan | null);
      return new Response(null, { status: 204 });
    }
    const answer = await (worker.fetch as (request: Request, ...rest: unknown[]) => Promise<Response>)(
      request,
      ...rest,
    );
    if (loseAnswer(pathname)) return Response.error();
    return answer;
  },
};
