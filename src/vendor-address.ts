import { isLoopback } from '#adapters/loopback.ts';

type BaseUrl<Settings> = { variable: string; fallback: string; ofSettings?(settings: Settings): string | null };

/** Base addresses of vendors: the deployment's loopback goes first, then the host that the workspace names. */
export const createAddressReader =
  (variables: (name: string) => string | undefined) =>
  <Settings>({ variable, fallback, ofSettings }: BaseUrl<Settings>, settings?: Settings): string => {
    const deployed = variables(variable) || fallback;
    const own = settings === undefined || isLoopback(deployed) ? null : ofSettings?.(settings);
    return own ?? deployed;
  };
