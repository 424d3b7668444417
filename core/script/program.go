package script

import (
	"errors"
	"fmt"
	"strings"

	"go.starlark.net/resolve"
	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// Program is a script that has been read and whose top level has been run. It never changes, so
// several goroutines may call it at once.
type Program struct {
	file    string
	globals starlark.StringDict // frozen
}

// longest is the number of bytes that a script may have.
const longest = 16 << 10

// Error is a fault of a script.
type Error struct {
	File    string
	Line    int // from 1; 0 if unknown
	Message string
}

// Error returns the file, the line and what went wrong.
func (e *Error) Error() string {
	if e.Line == 0 {
		return e.File + ": " + e.Message
	}
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Message)
}

// dialect returns what scripts may use of the language. Functions must not call themselves, because
// a page has little room for calls within calls.
func dialect() *syntax.FileOptions {
	return &syntax.FileOptions{Set: true, While: true, TopLevelControl: true, GlobalReassign: true}
}

// Compile reads a script and runs its top level. The file's name is for errors, which are of type
// [*Error].
func Compile(file, text string) (*Program, error) {
	if len(text) > longest {
		return nil, &Error{file, 0, fmt.Sprintf("a script has at most %d bytes, and this one has "+
			"%d", longest, len(text))}
	}
	parsed, err := dialect().Parse(file, text, 0)
	if err != nil {
		return nil, fault(file, err)
	}
	if err := guard(parsed); err != nil {
		return nil, fault(file, err)
	}
	names := predeclared()
	program, err := starlark.FileProgram(parsed, names.Has)
	if err != nil {
		return nil, fault(file, err)
	}
	m := newMeter()
	globals, err := program.Init(m.thread, names)
	for _, name := range globals.Keys() {
		if err == nil {
			err = m.weigh(globals[name])
		}
	}
	if err != nil {
		return nil, fault(file, err)
	}
	globals.Freeze()
	return &Program{file, globals}, nil
}

// call calls a function of the script.
func (p *Program) call(function string, args ...starlark.Value) (starlark.Value, error) {
	f, ok := p.globals[function].(*starlark.Function)
	if !ok {
		return nil, &Error{p.file, 0, "there is no function " + function}
	}
	result, err := starlark.Call(newMeter().thread, f, args, nil)
	if err != nil {
		return nil, fault(p.file, err)
	}
	return result, nil
}

// line returns the line of a function, and 0 if there is none with this name.
func (p *Program) line(function string) int {
	if f, ok := p.globals[function].(*starlark.Function); ok {
		return int(f.Position().Line)
	}
	return 0
}

// fault returns an error of the interpreter as an [*Error].
func fault(file string, err error) *Error {
	var (
		own       *Error
		ofRun     *starlark.EvalError
		ofSyntax  syntax.Error
		ofResolve resolve.ErrorList
	)
	switch {
	case errors.As(err, &own):
		return own
	case errors.As(err, &ofRun):
		said := strings.TrimPrefix(ofRun.Msg, "fail: ")
		said = strings.TrimPrefix(said, "Starlark computation cancelled: ")
		return &Error{file, lineOf(ofRun.CallStack), said}
	case errors.As(err, &ofSyntax):
		return &Error{file, int(ofSyntax.Pos.Line), ofSyntax.Msg}
	case errors.As(err, &ofResolve):
		return &Error{file, int(ofResolve[0].Pos.Line), ofResolve[0].Msg}
	}
	return &Error{file, 0, err.Error()}
}

// lineOf returns the line of the innermost call that is part of the script.
func lineOf(stack starlark.CallStack) int {
	for i := range stack {
		if pos := stack.At(i).Pos; pos.Filename() != "<builtin>" {
			return int(pos.Line)
		}
	}
	return 0
}
