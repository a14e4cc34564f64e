/** The part of htmx 4.0.1 that we touch: one request as its events carry it in `detail.ctx`. */
export interface HtmxContext {
  sourceElement: Element;
  target: Element | null;
  swap: string;
  text?: string;
  request: { action: string; body: FormData | URLSearchParams | null; timeout?: string };
  response?: { status: number; headers: Headers };
}

declare const htmx: {
  config: Record<string, unknown>;
  ajax(verb: "GET", path: string, how: { target: string; swap: string }): Promise<unknown>;
};
export default htmx;
