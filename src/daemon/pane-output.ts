import { OUTPUT_BEGINS } from "../ipc/pane-output.ts";
import type { Tap, WatchedPane } from "./watched-pane.ts";

/** What may wait for a reader that is slow, bytes. */
const WAITING_MAX = 16 * 1024 * 1024;

/**
 * What a watched pane writes from now on, until the signal is aborted. It ends early when some of it was missed, or is too
 * much for its reader.
 * @param left called when it has ended: the pane may not have to be watched any more
 */
export function outputOf(watch: WatchedPane, signal: AbortSignal, left: () => void): ReadableStream<Uint8Array> {
  let tap: Tap | undefined;
  const end = () => {
    if (!tap) return;
    watch.untap(tap);
    tap = undefined;
    left();
  };
  return new ReadableStream(
    {
      start(controller) {
        controller.enqueue(OUTPUT_BEGINS);
        const close = () => {
          if (!tap) return;
          end();
          controller.close();
        };
        tap = (bytes) => {
          if (bytes === undefined || (controller.desiredSize ?? 0) < -WAITING_MAX) close();
          else controller.enqueue(bytes.slice());
        };
        watch.tap(tap);
        signal.addEventListener("abort", close);
      },
      cancel: end,
    },
    { highWaterMark: 0, size: (chunk) => chunk?.length ?? 0 },
  );
}
