import type { Count } from "../count.ts";
import type { Scene } from "../scene.ts";
import type { Conclusion, Given } from "../task.ts";

/** What an agent does a task with. */
export interface Tool {
  readonly count: Count;
  /** bytes that an agent is told of it once, before any task */
  readonly toldBytes: number;
  /** what happens in the middle of a task: it is waited for */
  meanwhile(): Promise<void>;
  close(): Promise<void>;
}

/** How a task is done with a tool, by what an agent sees of it alone. Throws when it gives up. */
export type Solution<T> = (tool: T, given: Given) => Promise<Conclusion>;

/** Solutions by the numbers of their tasks. */
export type Solutions<T> = Readonly<Record<number, Solution<T>>>;

/** A way in which agents may do tasks. */
export interface Way {
  name: string;
  /** whether it knows how to do the task of that number */
  does(task: number): boolean;
  open(scene: Scene, meanwhile: () => Promise<void>): Promise<Opened>;
}

/** A way whose tool is there. */
export interface Opened {
  tool: Tool;
  solve: (task: number, given: Given) => Promise<Conclusion>;
}

/** A way of a tool and what is done with it. */
export function way<T extends Tool>(
  name: string,
  open: (scene: Scene, meanwhile: () => Promise<void>) => Promise<T>,
  solutions: Solutions<T>,
): Way {
  return {
    name,
    does: (task) => Object.hasOwn(solutions, task),
    async open(scene, meanwhile) {
      const tool = await open(scene, meanwhile);
      const solve: Opened["solve"] = async (task, given) => (await solutions[task]?.(tool, given)) ?? {};
      return { tool, solve };
    },
  };
}
