// Package param declares knobs: settings that a person may turn.
//
// A knob is declared once, as a value, by whatever it belongs to (a method, a task, the trainer).
// Its flag on the command line, its key in a link, its control on the page and its entry in the
// documentation are all generated from that declaration. [Values] holds settings for a list of
// knobs; it refuses every name that was not declared, and every text that the knob does not accept,
// with a sentence that says what would be accepted.
//
// Texts are what a link contains. A number is written with the fewest digits that read back to the
// same float64, so a link reproduces a run exactly.
package param
