// Package script runs rewards and tasks that users write in Starlark, a small dialect of Python
// (go.starlark.net). A script cannot read files, clocks or random numbers other than those that it
// is given, so it computes the same on every machine.
//
// A script may come from a stranger's link. Every call is therefore bounded: in the steps that it
// takes, in the size of each value, and in what it allocates altogether. [Compile] rewrites every
// operator and every call of a built-in function so that its operands are measured first. A call
// that goes too far returns an [Error] with its line.
package script
