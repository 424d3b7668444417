// The panels that an exercise or a lesson can hide, with what the page calls them.

/** In reading order, as in course.go. */
export const panels = Object.entries({
  intro: texts.builder.intro, predict: texts.builder.predict, stage: texts.builder.stage, dials: texts.lab.dialBoard, annotate: texts.lab.annotate, own: texts.lab.programs, answers: texts.lab.latest,
  recipe: texts.lab.settings, verdict: texts.lab.whatHappened, signals: texts.signals.title, score: texts.lab.score, try: texts.lab.tryPrompt, cost: texts.lab.cost,
  field: texts.lab.research, shelf: texts.lab.keptRuns, slowly: texts.lab.oneStepSlowly, share: texts.lab.take,
}).map(([name, title]) => ({ name, title }));
