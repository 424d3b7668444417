// The messages between a lab in a frame and the page around it. Each has version: 1. What is told has "posttrain/" in front of its type, as
// the commands have; heights are told in the formats of course hosts too: see js/embed.js.

/** A lane and how far it is. step and steps count updates. */
export type Lane = { label: string; name: string; step: number; steps: number };

/** What somebody expects of a run before it is made; guess is "" as long as nothing was chosen. */
export type Prediction = { question: string; guess: string };

/**
 * What a lab tells the page around it, and a lesson: a step was done, a question answered (right is null for an answer in own words), the end
 * reached. Metrics and digests are those of the command line, to the last digit.
 */
export type Told =
  | { type: "posttrain/ready"; started: boolean; link: string; lanes: Lane[] }
  | { type: "posttrain/step"; link: string; lanes: Lane[] }
  | { type: "posttrain/measured"; link: string; lane: string; step: number; metrics: Record<string, number> }
  | { type: "posttrain/predicted"; link: string; prediction: Prediction }
  | {
      type: "posttrain/done";
      link: string;
      digests: Record<string, string>;
      metrics: Record<string, Record<string, number>>;
      prediction: Prediction;
    }
  | { type: "posttrain/refused"; link: string; why: string }
  | { type: "posttrain/lesson"; lesson: string; step: string; done: number; steps: number }
  | { type: "posttrain/answered"; lesson: string; step: string; question: string; answer: string; right: boolean | null }
  | { type: "posttrain/finished"; lesson: string; sheet: import("./messages.js").lesson.Sheet };

/** What the page around can tell a lab. version may be left out. */
export type Command =
  | { type: "posttrain/run" }
  | { type: "posttrain/pause" }
  | { type: "posttrain/reset" }
  | { type: "posttrain/load"; link: string }
  | { type: "posttrain/theme"; theme: "light" | "dark" | "auto" };
