// Package lesson reads lessons, and the sheets that students hand in after them.
//
// A lesson is one Markdown file that anybody can write. Its front matter names the experiment, and
// each heading of level 2 begins a step:
//
//	---
//	title: Does the model remember or understand?
//	link: memorise
//	hide: dials, shelf, cost
//	lock: settings
//	minutes: 5
//	predict: Who will be better at rule B?
//	choices: SFT, GRPO, no difference
//	cite: Chu et al. 2025, arXiv:2501.17161
//	---
//	An optional introduction, which is shown with the first step.
//
//	## Two copies of one model
//	Text.
//
//	## Guess first {goal="predict"}
//	## Train both {goal="run"}
//	Afterwards SFT is right in `=sft ood/accuracy` of new hands.
//
//	## What happened? {goal="answer"}
//	Why did SFT fall?
//
//	- [ ] It learned too slowly.
//	- [x] It learned how the answers look.
//
//	This text is the explanation, which is shown after the answer.
//
//	## Change one thing {goal="change style=x" link="memorise?seed=2" unlock=true}
//	## In your own words {goal="answer"}
//
// # Front matter
//
//	title    what the lesson is called
//	link     the experiment: an exhibit or any link of the page
//	hide     panels of the page that are hidden, beside those that the link hides
//	lock     settings or seed: what students cannot change until a step unlocks it
//	minutes  how long the lesson takes
//	predict  the question before the run; without it, that of the exhibit
//	choices  the answers to it; without them, the names of the lanes, and "no difference"
//	cite     the source
//
// Only title and link are required. Lists are separated by commas. A list in brackets with
// quotation marks may have commas in its entries.
//
// # Steps
//
// A heading may have attributes in braces behind its text. Every attribute is written NAME="VALUE",
// except that a step which unlocks the settings has unlock=true and that {#name} sets its ID.
// Without that, the ID is made of the heading's words.
//
//	goal    what the student has to do; see below
//	link    this step, and those after it, are about another experiment
//	unlock  settings can be changed from here on
//
// The goals are:
//
//	predict                 answer the question before the run
//	run                     train every lane to its end
//	update N                train every lane up to update N, or to its end
//	reach LANE METRIC >= X  train until a measured value of a lane is so large; also <=, > and <
//	change KEY              give a setting another value than it has in the step's link
//	change KEY=VALUE        give it this value, in the link or in any lane
//	see SCENE               look at a picture
//	open PANEL              open a panel
//	ask                     try a prompt of one's own
//	answer                  answer the question by one of the choices in a task list or, without a
//	                        list, in the student's own words
//
// LANE is the label of a lane, as posttrain run prints it. METRIC is the name of a metric; that of
// a level may be written without "eval/", as in ood/accuracy. In text, code that begins with = and
// has a lane and a metric stands for the newest value that was measured in the run on the page.
package lesson
