/** What the edge counts. Labels are bounded: route patterns and statuses, never ids. */
export interface HttpMetrics {
  /** `route` is the pattern (`/api/calls/:id`), not the address. */
  observe(method: string, route: string, status: number, seconds: number): void;
}

export const noHttpMetrics: HttpMetrics = { observe: () => undefined };
