import { chmodSync, rmSync } from "node:fs";
import { AppError, asError } from "../lib/errors.ts";
import { fileId } from "../lib/files.ts";
import { socketPathMax } from "../lib/socket-path.ts";
import { ROUTES, type Status, type Sync } from "./protocol.ts";

/** The daemon's socket. */
export interface IpcServer {
  /** whether the socket at the path is still this one */
  isReachable(): boolean;
  /** ends every connection, and removes the socket */
  stop(): Promise<void>;
}

/** What the daemon answers on its socket. */
export interface Handlers {
  status(): Status | Promise<Status>;
  sync(): Promise<Sync>;
  /** in Prometheus' text format */
  metrics(): string;
  /** lines of JSON, from the log and then live, until the signal is aborted */
  events(query: URLSearchParams, signal: AbortSignal): ReadableStream<Uint8Array>;
  /** a watchdog is there until the signal is aborted */
  tie(signal: AbortSignal): void;
  /** there is to be no watchdog */
  release(): void;
}

/**
 * Serves HTTP on a unix socket (mode 0600, in a folder of mode 0700). The caller holds the daemon's lock, so whatever
 * lies at the path is left over.
 */
export function serve(socket: string, handlers: Handlers): IpcServer {
  const limit = socketPathMax(process.platform);
  if (Buffer.byteLength(socket) > limit) {
    throw new AppError(
      "ERR_INVALID_ARGUMENT",
      `The socket's path is too long for the kernel (${limit} bytes): ${socket}`,
      {
        hint: "Set CLAUDE_TMUX_STATE_DIR to a shorter path.",
      },
    );
  }
  rmSync(socket, { force: true });
  const server = Bun.serve({
    unix: socket,
    // nothing may happen for hours, and tmux may take its time; bun-types has it for TCP only, but unix sockets obey it
    ...({ idleTimeout: 0 } as object),
    routes: {
      [ROUTES.status]: { GET: async () => Response.json(await handlers.status()) },
      [ROUTES.sync]: {
        POST: async () => Response.json(await handlers.sync()),
      },
      [ROUTES.metrics]: {
        GET: () => new Response(handlers.metrics(), { headers: { "content-type": "text/plain; version=0.0.4" } }),
      },
      [ROUTES.events]: {
        GET: (request) =>
          new Response(handlers.events(new URL(request.url).searchParams, request.signal), {
            headers: { "content-type": "application/x-ndjson" },
          }),
      },
      [ROUTES.tie]: {
        GET: (request) => {
          handlers.tie(request.signal);
          return new Response(openUntil(request.signal));
        },
      },
      [ROUTES.release]: {
        POST: () => {
          handlers.release();
          return new Response("released\n");
        },
      },
    },
    fetch: () => new Response("no such path\n", { status: 404 }),
    error: (thrown) => new Response(`${asError(thrown).message}\n`, { status: 500 }),
  });
  chmodSync(socket, 0o600);
  const id = fileId(socket);
  return {
    isReachable: () => fileId(socket) === id,
    async stop() {
      const isOurs = fileId(socket) === id;
      const stopped = server.stop(true);
      if (isOurs) rmSync(socket, { force: true });
      await stopped;
    },
  };
}

/** A body that says one line and then nothing, until the signal is aborted. */
function openUntil(signal: AbortSignal): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode("tied\n")); // headers are sent with the first bytes
      signal.addEventListener("abort", () => controller.close());
    },
  });
}
