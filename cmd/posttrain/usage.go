package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/posttrain/posttrain/core/article"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/recipe"
)

// usageError is a mistake in how the program was called.
type usageError struct {
	error
	try string // the command that prints help; "" if the error needs none
}

func (e usageError) Unwrap() error { return e.error }

func usage(err error) error {
	if err == nil {
		return nil
	}
	return usageError{error: err}
}

// misused returns an error about arguments that the parser refused with err. It
// says what would be accepted. A flag may have the name of one of the catalogue's knobs.
func misused(parser *kong.Kong, catalogue *recipe.Catalogue, err error) error {
	node, try := parser.Model.Node, "posttrain --help"
	var failed *kong.ParseError
	if errors.As(err, &failed) {
		for _, step := range failed.Context.Path {
			if step.Command != nil {
				node, try = step.Command, step.Command.FullPath()+" --help"
			}
		}
	}
	return usageError{errors.New(plainly(node, catalogue, err.Error())), try}
}

// plainly returns a plainer sentence for one of the parser's, which is about node:
// a command or the program.
func plainly(node *kong.Node, catalogue *recipe.Catalogue, said string) string {
	said, _, _ = strings.Cut(said, ", did you mean ")
	cut := func(prefix string) (string, bool) { return strings.CutPrefix(said, prefix) }
	if name, ok := cut("unknown flag "); ok {
		if knob := strings.TrimLeft(name, "-"); namesKnob(catalogue, knob) && hasSet(node) {
			return fmt.Sprintf("unknown flag %q: a knob is set by --set %s=VALUE", name, knob)
		}
		return param.Unknown("flag", name, flags(node)).Error() + without(node)
	}
	if len(node.Children) > 0 { // the program, or a group of commands
		if name, ok := cut("unexpected argument "); ok {
			return param.Unknown("command", name, commands(node)).Error()
		}
		if _, ok := cut("expected one of "); ok {
			return "no command was given; accepted: " + strings.Join(commands(node), ", ")
		}
	}
	if name, ok := cut("unexpected argument "); ok {
		var takes []string
		for _, p := range node.Positional {
			takes = append(takes, p.Summary())
		}
		if takes == nil {
			takes = []string{"flags alone"}
		}
		said := fmt.Sprintf("unexpected argument %q: %s takes %s", name, node.Name,
			strings.Join(takes, " "))
		if strings.Contains(name, "=") && hasSet(node) {
			said += "; a knob is set by --set " + name
		}
		return said
	}
	for _, p := range node.Positional {
		if rest, ok := cut(`expected "`); ok && strings.HasPrefix(rest, p.Summary()) {
			return fmt.Sprintf("%s is missing: %s", p.Summary(), p.Help)
		}
	}
	for _, f := range node.Flags {
		if said == "missing flags: "+f.Summary() {
			return fmt.Sprintf("%s is missing: %s", f.Summary(), f.Help)
		}
		if rest, ok := cut("--" + f.Name + ": "); ok &&
			(strings.Contains(rest, `"EOL"`) || strings.HasPrefix(rest, "missing value")) {
			return fmt.Sprintf("--%s has no value: want --%s=%s", f.Name, f.Name,
				f.FormatPlaceHolder())
		}
	}
	return said
}

// without returns what a command takes without a flag, to be added to an error about a flag. It
// returns "" if that is at most one thing.
func without(node *kong.Node) string {
	if len(node.Positional) < 2 {
		return ""
	}
	var takes []string
	for _, p := range node.Positional {
		takes = append(takes, p.Summary())
	}
	return "; without a flag: " + strings.Join(takes, " ")
}

// hasSet reports whether a command has the flag --set.
func hasSet(node *kong.Node) bool {
	return slices.ContainsFunc(node.Flags, func(f *kong.Flag) bool { return f.Name == "set" })
}

// namesKnob reports whether a base, a task or a method has a knob of this name.
func namesKnob(catalogue *recipe.Catalogue, name string) bool {
	for _, b := range catalogue.Bases() {
		if b.Values().Has(name) || b.Task.SizeValues().Has(name) {
			return true
		}
	}
	return article.IsKnob(catalogue, name)
}

func commands(node *kong.Node) []string {
	var names []string
	for _, child := range node.Children {
		names = append(names, child.Name)
	}
	return names
}

func flags(node *kong.Node) []string {
	var names []string
	for _, group := range node.AllFlags(true) {
		for _, f := range group {
			names = append(names, "--"+f.Name)
		}
	}
	return names
}

// maxThreads bounds the number of threads, since each needs memory. The tag below
// has the same number.
const maxThreads = 256

// threading is the --threads flag of the commands that compute.
type threading struct {
	Threads wholeNumber `default:"${threads}" from:"1" to:"256" help:"Threads to use; the result does not depend on it."`
}

// wholeNumber is a flag with a range, from the tags from and to.
type wholeNumber uint64

// Decode reads the flag's value. It accepts negative numbers as text, to return a
// clearer error than the parser's.
func (n *wholeNumber) Decode(ctx *kong.DecodeContext) error {
	tag := ctx.Value.Tag
	from, errFrom := strconv.ParseUint(tag.Get("from"), 10, 64)
	to, errTo := strconv.ParseUint(tag.Get("to"), 10, 64)
	if err := errors.Join(errFrom, errTo); err != nil {
		return err
	}
	token := ctx.Scan.Pop()
	x, err := strconv.ParseUint(fmt.Sprint(token.Value), 10, 64)
	if err != nil || x < from || x > to {
		return fmt.Errorf("expected a whole number from %d to %d but got %q", from, to, token)
	}
	*n = wholeNumber(x)
	return nil
}

// temperature is the flag for the sampling temperature.
type temperature float64

// Decode reads the flag's value.
func (t *temperature) Decode(ctx *kong.DecodeContext) error {
	const most = 100
	token := ctx.Scan.Pop()
	x, err := strconv.ParseFloat(fmt.Sprint(token.Value), 64)
	if err != nil || !(x > 0 && x <= most) {
		instead := ""
		if err == nil && x == 0 {
			instead = "; the likeliest symbol at each place is what sample --greedy gives"
		}
		return fmt.Errorf("expected a number above 0 and at most %d, such as 0.7, but got %q%s",
			most, token, instead)
	}
	*t = temperature(x)
	return nil
}

// path reads a flag that names a file or a folder. It returns an error for a name
// that is empty or blank, as from a shell variable that is not set: it would name
// the current folder, or one that is hard to find again.
func path(ctx *kong.DecodeContext, target reflect.Value) error {
	name, err := pathName(ctx)
	if err == nil {
		target.SetString(kong.ExpandPath(name))
	}
	return err
}

// file is path for a flag that names a file. It returns an error for a name that can only be a
// folder's: the path that is used no longer has the / at its end.
func file(ctx *kong.DecodeContext, target reflect.Value) error {
	name, err := pathName(ctx)
	if err != nil {
		return err
	}
	if last := filepath.Base(name); os.IsPathSeparator(name[len(name)-1]) || last == "." ||
		last == ".." {
		return fmt.Errorf("%q names a folder: want the name of a file", name)
	}
	target.SetString(kong.ExpandPath(name))
	return nil
}

func pathName(ctx *kong.DecodeContext) (name string, err error) {
	if err := ctx.Scan.PopValueInto("path", &name); err != nil {
		return "", err
	}
	if strings.TrimSpace(name) == "" {
		return "", fmt.Errorf("expected the name of a file or folder but got %q (the current "+
			"folder is .)", name)
	}
	return name, nil
}
