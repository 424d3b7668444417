// What the page and its workers tell each other, see docs/decisions/0009-the-page.md, and what programs and scripts find as globals.
// The values in these messages are those of messages.d.ts.

import type { scene, staging, verdict } from "./messages.js";

/** A program for all workers, and the vector kernels where the browser can run them. */
export type Modules = { trainer: WebAssembly.Module; kernels?: WebAssembly.Module };

/** What a lane's worker is told to begin with, or to go on from. */
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

/** What the clerk is asked. */
export type Question =
  | { what: "describe" | "record"; link: string }
  | { what: "table"; view: object }
  | { what: "picture"; view: object; width: number; height: number }
  | { what: "verdict"; waiting: number[] }
  | { what: "read"; prompt: string }
  | { what: "bring"; link: string; name: string; text: string };

/** What the clerk answers, by what it was asked. */
export type Answers = {
  describe: staging.Description;
  record: scene.Recipe;
  table: scene.Table;
  picture: { picture: scene.Picture; series: scene.Choice[]; measures: scene.Choice[] };
  verdict: verdict.Verdict;
  read: string;
  bring: string;
};

/** What a worker is told. */
export type ToWorker =
  | Open
  | { type: "open"; modules: Modules; link?: undefined; turn?: undefined }
  | { type: "pretrain"; turn: number; modules: Modules; link: string; key: string }
  | { type: "command"; command: Uint8Array }
  | { type: "watch"; who: string; port: MessagePort }
  | { type: "save"; id: number }
  | { type: "lane"; lane: number; port: MessagePort }
  | ({ type: "ask"; id: number } & Question);

/** What a lane's worker tells, about the opening that has this turn. */
export type FromLane = { turn: number } & (
  | { type: "opened" }
  | { type: "events"; events: Uint8Array[] }
  | { type: "idle"; done: boolean; step: number; digest: string }
  | { type: "saved"; id?: number; checkpoint: Uint8Array; history: Uint8Array[] }
  | { type: "refused"; why: string }
);

/** What a worker tells that computes a base. */
export type FromPretraining = { turn: number } & ({ type: "pretraining"; step: number } | { type: "pretrained"; file: Uint8Array } | { type: "refused"; why: string });

/** What the clerk tells. */
export type FromClerk =
  | { type: "answer"; id: number; json: string; error?: undefined }
  | { type: "answer"; id: number; json?: undefined; error: string }
  | { type: "caught up" };

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

  /** What the program wasm/trainer offers to its worker. */
  var trainer: Record<import("./messages.js").TrainerFunction, (...args: any[]) => any> | undefined;

  /** The lab of a page, once it is there. */
  var posttrain: any;

  /** What the program wasm/stage finds in its page. */
  var stage: { port: MessagePort | undefined; still: boolean; wake: () => void };
}
