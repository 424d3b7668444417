package site

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Excerpt is a piece of the program's source that the dial board shows.
type Excerpt struct {
	File string `json:"file"` // its path in the module
	Line int    `json:"line"`
	Text string `json:"text"`
}

// dialSources returns the source of every part of every dial as JSON: an object for each dial, with
// an array of [Excerpt] for each choice. The first excerpt is what the part adds to a row, the
// others are the functions that it names. A dial that is no list of parts has the choice "" alone.
func dialSources(tree string) ([]byte, error) {
	s := source{set: token.NewFileSet(), text: map[string][]byte{},
		functions: map[string]*ast.FuncDecl{}, lists: map[string]*ast.CompositeLit{}}
	for _, pkg := range []string{"method", "objective"} {
		if err := s.read(tree, pkg); err != nil {
			return nil, err
		}
	}
	table, ok := s.functions["method.dials"]
	if !ok {
		return nil, errors.New("core/method has no function dials")
	}
	all := map[string]map[string][]Excerpt{}
	for _, row := range rowsOf(table) {
		name, err := strconv.Unquote(row.Elts[0].(*ast.BasicLit).Value)
		if err != nil {
			return nil, err
		}
		list, ok := s.lists[row.Elts[len(row.Elts)-1].(*ast.Ident).Name]
		if !ok {
			return nil, fmt.Errorf("core/method has no parts of the dial %s", name)
		}
		all[name] = s.parts(list)
	}
	for dial, functions := range map[string][]string{
		"kl":      {"method.buildDials", "objective.Penalised", "objective.PenalisedReward"},
		"entropy": {"method.buildDials", "objective.WithEntropyBonus"},
	} {
		all[dial] = map[string][]Excerpt{"": s.declarations(functions)}
	}
	return json.Marshal(all)
}

// source is the source of core/method and core/objective.
type source struct {
	set       *token.FileSet
	text      map[string][]byte            // by the file's path in the module
	functions map[string]*ast.FuncDecl     // such as method.dials; no methods of types
	lists     map[string]*ast.CompositeLit // the values of variables of core/method
}

// read reads the files of a package of core.
func (s source) read(tree, pkg string) error {
	names, err := filepath.Glob(filepath.Join(tree, "core", pkg, "*.go"))
	if err != nil {
		return err
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		in := path.Join("core", pkg, filepath.Base(name))
		file, err := parser.ParseFile(s.set, in, text, parser.ParseComments)
		if err != nil {
			return err
		}
		s.text[in] = text
		for _, d := range file.Decls {
			s.declare(pkg, d)
		}
	}
	return nil
}

// declare takes note of a declaration.
func (s source) declare(pkg string, d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			s.functions[pkg+"."+d.Name.Name] = d
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			v, ok := spec.(*ast.ValueSpec)
			if !ok || len(v.Values) != 1 {
				continue
			}
			if list, ok := v.Values[0].(*ast.CompositeLit); ok && pkg == "method" {
				s.lists[v.Names[0].Name] = list
			}
		}
	}
}

// rowsOf returns the elements of the list that a function returns.
func rowsOf(f *ast.FuncDecl) (rows []*ast.CompositeLit) {
	list := f.Body.List[0].(*ast.ReturnStmt).Results[0].(*ast.CompositeLit)
	for _, e := range list.Elts {
		rows = append(rows, e.(*ast.CompositeLit))
	}
	return rows
}

// parts returns the excerpts of each element of a list of parts, by its name.
func (s source) parts(list *ast.CompositeLit) map[string][]Excerpt {
	all := map[string][]Excerpt{}
	for _, e := range list.Elts {
		name, excerpts := "", []Excerpt{}
		for _, f := range e.(*ast.CompositeLit).Elts {
			field := f.(*ast.KeyValueExpr)
			switch field.Key.(*ast.Ident).Name {
			case "name":
				name, _ = strconv.Unquote(field.Value.(*ast.BasicLit).Value)
			case "add":
				excerpts = append(excerpts, s.excerpt(field.Value))
				excerpts = append(excerpts, s.declarations(s.named(field.Value))...)
			}
		}
		all[name] = excerpts
	}
	return all
}

// named returns the functions of the two packages that an expression of core/method names.
func (s source) named(e ast.Expr) (names []string) {
	add := func(name string) {
		if s.functions[name] != nil && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if pkg, ok := n.X.(*ast.Ident); ok && pkg.Name == "objective" {
				add("objective." + n.Sel.Name)
				return false
			}
		case *ast.Ident:
			add("method." + n.Name)
		}
		return true
	})
	return names
}

// declarations returns the declarations of functions.
func (s source) declarations(names []string) (all []Excerpt) {
	for _, name := range names {
		all = append(all, s.excerpt(s.functions[name]))
	}
	return all
}

// excerpt returns the text of a node, of a function with its comment, as if it began its line.
func (s source) excerpt(n ast.Node) Excerpt {
	from := n.Pos()
	if f, ok := n.(*ast.FuncDecl); ok && f.Doc != nil {
		from = f.Doc.Pos()
	}
	start, end := s.set.Position(from), s.set.Position(n.End())
	text := s.text[start.Filename]
	line := text[strings.LastIndexByte(string(text[:start.Offset]), '\n')+1:]
	indent := line[:len(line)-len(strings.TrimLeft(string(line), "\t"))]
	return Excerpt{start.Filename, start.Line, strings.ReplaceAll(
		string(text[start.Offset:end.Offset]), "\n"+string(indent), "\n")}
}
