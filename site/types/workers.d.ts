// The messages between the page and its workers, see docs/decisions/0009-the-page.md, and the globals of programs and scripts. The
// types of the values in messages are in messages.d.ts.

import type { annotation, protocol, recipe, scene, script, staging } from "./messages.js";

/** A program for all workers, and the vector kernels where the browser can run them. */
export type Modules = { trainer: WebAssembly.Module; kernels?: WebAssembly.Module };

/** The message with which a lane's worker begins the lane, or continues it from a checkpoint. */
export type Open = {
  type: "open";
  turn: number;
  modules: Modules;
  bases: { name: string; file: Uint8Array }[];
  link: string;
  lane: number;
  data?: string;
  checkpoint?: Uint8Array;
  history?: Uint8Array[];
};

/** A question to the clerk. */
export type Question =
  | { what: "describe"; link: string }
  | { what: "record"; link: string; beside: string }
  | { what: "table"; view: object }
  | { what: "picture"; view: object; width: number; height: number }
  | { what: "verdict"; waiting: number[] }
  | { what: "read"; prompt: string }
  | { what: "dials"; link: string; lane: number; stage: number }
  | { what: "learned"; lanes: string }
  | { what: "code"; text: string }
  | { what: "addData"; link: string; name: string; text: string }
  | { what: "programs" }
  | { what: "takeTask"; text: string }
  | { what: "takeReward"; link: string; text: string };

/** The clerk's answers, by the kind of question. */
export type Answers = {
  describe: staging.Description;
  record: scene.Recipe;
  table: scene.Table;
  picture: { picture: scene.Picture; series: scene.Choice[]; measures: scene.Choice[] };
  verdict: staging.Verdict;
  read: { prompt: string; why: string };
  dials: recipe.Board;
  learned: annotation.Report;
  code: { size: number; path: string };
  addData: string;
  programs: { rewards: script.Example[]; tasks: script.Example[] };
  takeTask: string;
  takeReward: string;
};

/** A message of the page to a worker. */
export type ToWorker =
  | Open
  | { type: "open"; modules: Modules; link?: undefined; turn?: undefined }
  | { type: "pretrain"; turn: number; modules: Modules; link: string; key: string }
  | { type: "tryReward"; turn: number; modules: Modules; bases: { name: string; file: Uint8Array }[]; link: string; prompts: number; answers: number }
  | { type: "command"; command: Uint8Array }
  | { type: "watch"; who: string; port: MessagePort }
  | { type: "save"; id: number }
  | { type: "lane"; lane: number; port: MessagePort }
  | ({ type: "ask"; id: number } & Question);

/** A message of a lane's worker. turn is that of the newest "open" message. */
export type FromLane = { turn: number } & (
  | { type: "opened" }
  | { type: "events"; events: Uint8Array[] }
  | { type: "idle"; commands: number; done: boolean; step: number; digest: string }
  | { type: "saved"; id?: number; checkpoint: Uint8Array }
  | { type: "refused"; why: string }
);

/** A message of a worker that computes a base. */
export type FromPretraining = { turn: number } & ({ type: "pretraining"; step: number } | { type: "pretrained"; file: Uint8Array } | { type: "refused"; why: string });

/** A message of a worker that tries a reward. */
export type FromTrial = { turn: number } & ({ type: "tried"; samples: protocol.Sample[] } | { type: "refused"; why: string });

/** A message of the clerk. */
export type FromClerk =
  | { type: "answer"; id: number; json: string; error?: undefined }
  | { type: "answer"; id: number; json?: undefined; error: string }
  | { type: "recorded"; lane: number; ended: boolean };

/** What bench.html shows of a model: milliseconds of each piece of work, and how many tokens it has. */
export type Speed = {
  model: string;
  times: { sft: number; rollout: number; grpo: number };
  tokens: { sft: number; rollout: number };
  gflop: number;
};

declare global {
  /** Go's own class, of wasm_exec.js. */
  var Go: {
    new (): {
      argv: string[];
      env: Record<string, string>;
      importObject: WebAssembly.Imports;
      exit: (code: number) => void;
      run(instance: WebAssembly.Instance): Promise<void>;
    };
  };

  /** The functions of the program wasm/trainer. */
  var trainer: Record<import("./messages.js").TrainerFunction, (...args: any[]) => any> | undefined;

  /** The functions of the program wasm/lesson. */
  var lesson: Record<import("./messages.js").LessonFunction, (argument: any) => any> | undefined;
  /** The functions of the program wasm/guide. */
  var guide: Record<import("./messages.js").GuideFunction, (argument: any) => any> | undefined;

  /** The functions of the program wasm/replay. */
  var replay: Record<import("./messages.js").ReplayFunction, (...args: any[]) => any> | undefined;

  /** The API of the lab, once the page has started. */
  var posttrain: any;

  /** What the page of the stage gives to the program wasm/stage. */
  var stage: { port: MessagePort | undefined; still: boolean; isDark: () => boolean; wake: () => void };
}
