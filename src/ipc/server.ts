import { chmodSync, rmSync } from "node:fs";
import * as v from "valibot";
import { AppError, asError, expectedError } from "../lib/errors.ts";
import { fileId } from "../lib/files.ts";
import { VERSION } from "../lib/self.ts";
import { socketPathMax } from "../lib/socket-path.ts";
import { OUTPUT_ROUTE } from "./pane-output.ts";
import {
  EventsQuery,
  FirstStatusReply,
  ROUTES,
  type Status,
  type Sync,
  ToldEvent,
  VERSION_HEADER,
} from "./protocol.ts";

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
  events(query: EventsQuery, signal: AbortSignal): ReadableStream<Uint8Array>;
  /** what a pane (%id) writes from now on, until the signal is aborted; undefined for one that is not heard */
  output(pane: string, signal: AbortSignal): ReadableStream<Uint8Array> | undefined;
  /** a watchdog is there until the signal is aborted */
  tie(signal: AbortSignal): void;
  /** there is to be no watchdog */
  release(): void;
  /** a command has brought about what belongs into the log of events */
  tell(events: readonly ToldEvent[]): void;
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
      [ROUTES.status]: {
        GET: answering(async (request) => {
          const status = await handlers.status();
          // its reader may be one who takes no more than what there was
          return Response.json(hasVersion(request) ? status : v.parse(FirstStatusReply, status));
        }),
      },
      [ROUTES.sync]: { POST: answering(async () => Response.json(await handlers.sync())) },
      [ROUTES.metrics]: {
        GET: answering(() => {
          const headers = { "content-type": "text/plain; version=0.0.4" };
          return new Response(handlers.metrics(), { headers });
        }),
      },
      [ROUTES.events]: {
        GET: answering((request) => {
          const events = handlers.events(eventsQuery(request), request.signal);
          return new Response(events, { headers: { "content-type": "application/x-ndjson" } });
        }),
      },
      [OUTPUT_ROUTE]: {
        GET: answering((request) => {
          const pane = new URL(request.url).searchParams.get("pane") ?? "";
          const output = handlers.output(pane, request.signal);
          if (!output) throw new AppError("ERR_PANE_NOT_FOUND", `Pane ${pane} is not heard`);
          return new Response(output, { headers: { "content-type": "application/octet-stream" } });
        }),
      },
      [ROUTES.tie]: {
        GET: answering((request) => {
          handlers.tie(request.signal);
          return new Response(openUntil(request.signal));
        }),
      },
      [ROUTES.release]: {
        POST: answering(() => {
          handlers.release();
          return new Response("released\n");
        }),
      },
      [ROUTES.tell]: {
        POST: answering(async (request) => {
          const events = v.safeParse(v.array(ToldEvent), await request.json());
          if (!events.success) throw new AppError("ERR_INVALID_ARGUMENT", `No events: ${events.issues[0].message}`);
          handlers.tell(events.output);
          return new Response("told\n");
        }),
      },
    },
    fetch: answering((request) => {
      throw new AppError("ERR_COMMAND_FAILED", `The daemon does not know ${new URL(request.url).pathname}`);
    }),
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

type Answer = (request: Request) => Response | Promise<Response>;

/** Says our version with each answer, and answers with what is thrown. */
function answering(answer: Answer): Answer {
  return async (request) => {
    let response: Response;
    try {
      response = await answer(request);
    } catch (thrown) {
      response = failure(asError(thrown), request);
    }
    response.headers.set(VERSION_HEADER, VERSION);
    return response;
  };
}

function failure(error: Error, request: Request): Response {
  const { code, message, hint, exitCode } =
    expectedError(error) ?? new AppError("ERR_COMMAND_FAILED", error.stack ?? error.message);
  const status = exitCode === 2 ? 400 : 500;
  return hasVersion(request)
    ? Response.json({ code, message, hint }, { status })
    : new Response(`${error.message}\n`, { status });
}

function hasVersion(request: Request): boolean {
  return request.headers.has(VERSION_HEADER);
}

/** Throws ERR_INVALID_ARGUMENT for a query that asks for what there cannot be. */
function eventsQuery(request: Request): EventsQuery {
  const query = v.safeParse(EventsQuery, Object.fromEntries(new URL(request.url).searchParams));
  if (query.success) return query.output;
  const [issue] = query.issues;
  throw new AppError("ERR_INVALID_ARGUMENT", `${v.getDotPath(issue)} ${issue.message}`);
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
