package script

import "go.starlark.net/syntax"

// guard rewrites a script so that operators, subscripts and methods are measured before they are
// computed: x + y becomes a call of the function "+", which no script can define, because it is not
// a name. Errors keep their lines.
func guard(f *syntax.File) error {
	g := guarded{}
	g.block(f.Stmts)
	return g.err
}

type guarded struct{ err error }

// refuse keeps the first error.
func (g *guarded) refuse(at syntax.Position, message string) {
	if g.err == nil {
		g.err = syntax.Error{Pos: at, Msg: message}
	}
}

func (g *guarded) block(all []syntax.Stmt) {
	for _, s := range all {
		g.statement(s)
	}
}

func (g *guarded) statement(s syntax.Stmt) {
	switch s := s.(type) {
	case *syntax.AssignStmt:
		g.assignment(s)
	case *syntax.DefStmt:
		g.parameters(s.Params)
		g.block(s.Body)
	case *syntax.ExprStmt:
		g.expression(&s.X)
	case *syntax.IfStmt:
		g.expression(&s.Cond)
		g.block(s.True)
		g.block(s.False)
	case *syntax.ForStmt:
		g.target(s.Vars)
		g.expression(&s.X)
		g.block(s.Body)
	case *syntax.WhileStmt:
		g.expression(&s.Cond)
		g.block(s.Body)
	case *syntax.ReturnStmt:
		g.expression(&s.Result)
	case *syntax.LoadStmt:
		g.refuse(s.Load, "load is not available here: a script is one file")
	}
}

// parameters guards the defaults of a function's parameters.
func (g *guarded) parameters(all []syntax.Expr) {
	for _, p := range all {
		if given, ok := p.(*syntax.BinaryExpr); ok {
			g.expression(&given.Y)
		}
	}
}

// assignment guards an assignment. In x += y, the operands are measured and then left to the
// interpreter, because a list goes on being the same list.
func (g *guarded) assignment(s *syntax.AssignStmt) {
	g.expression(&s.RHS)
	if s.Op != syntax.EQ {
		if !plain(s.LHS) {
			g.refuse(s.OpPos, "what stands before "+s.Op.String()+" must not call a function: "+
				"write two statements")
			return
		}
		old := again(s.LHS)
		g.expression(&old)
		s.RHS = operation(s.Op.String(), s.OpPos, old, s.RHS)
	}
	g.target(s.LHS)
}

// target guards what stands before the sign of an assignment.
func (g *guarded) target(e syntax.Expr) {
	switch e := e.(type) {
	case *syntax.ParenExpr:
		g.target(e.X)
	case *syntax.TupleExpr:
		for _, x := range e.List {
			g.target(x)
		}
	case *syntax.ListExpr:
		for _, x := range e.List {
			g.target(x)
		}
	case *syntax.IndexExpr:
		if !plain(e.X) {
			g.refuse(e.Lbrack, "what is changed must not be the result of a function: give it "+
				"a name first")
			return
		}
		of := again(e.X)
		g.expression(&of)
		g.expression(&e.X)
		g.expression(&e.Y)
		e.Y = operation(keyed, e.Lbrack, of, e.Y)
	case *syntax.DotExpr:
		g.refuse(e.Dot, "nothing here has fields that can be set")
	}
}

// plain reports whether computing an expression twice does the same as computing it once.
func plain(e syntax.Expr) bool {
	switch e := e.(type) {
	case *syntax.Ident, *syntax.Literal:
		return true
	case *syntax.ParenExpr:
		return plain(e.X)
	case *syntax.UnaryExpr:
		return plain(e.X)
	case *syntax.BinaryExpr:
		return plain(e.X) && plain(e.Y)
	case *syntax.IndexExpr:
		return plain(e.X) && plain(e.Y)
	}
	return false
}

// again returns a copy of a plain expression.
func again(e syntax.Expr) syntax.Expr {
	switch e := e.(type) {
	case *syntax.Ident:
		return &syntax.Ident{NamePos: e.NamePos, Name: e.Name}
	case *syntax.ParenExpr:
		return &syntax.ParenExpr{Lparen: e.Lparen, X: again(e.X), Rparen: e.Rparen}
	case *syntax.UnaryExpr:
		return &syntax.UnaryExpr{OpPos: e.OpPos, Op: e.Op, X: again(e.X)}
	case *syntax.BinaryExpr:
		return &syntax.BinaryExpr{X: again(e.X), OpPos: e.OpPos, Op: e.Op, Y: again(e.Y)}
	case *syntax.IndexExpr:
		return &syntax.IndexExpr{X: again(e.X), Lbrack: e.Lbrack, Y: again(e.Y), Rbrack: e.Rbrack}
	}
	return e // a literal
}

// expression guards an expression, which it may replace.
func (g *guarded) expression(at *syntax.Expr) {
	switch e := (*at).(type) {
	case *syntax.ParenExpr:
		g.expression(&e.X)
	case *syntax.CallExpr:
		g.expression(&e.Fn)
		g.arguments(e)
	case *syntax.DotExpr:
		g.expression(&e.X)
		*at = operation(".", e.Dot, e.X, text(e.Name.Name, e.NamePos))
	case *syntax.Comprehension:
		g.comprehension(at, e)
	case *syntax.DictExpr:
		for _, entry := range e.List {
			g.entry(entry)
		}
	case *syntax.LambdaExpr:
		g.parameters(e.Params)
		g.expression(&e.Body)
	case *syntax.ListExpr:
		g.all(e.List)
	case *syntax.TupleExpr:
		g.all(e.List)
	case *syntax.CondExpr:
		g.expression(&e.Cond)
		g.expression(&e.True)
		g.expression(&e.False)
	case *syntax.UnaryExpr:
		g.expression(&e.X)
	case *syntax.BinaryExpr:
		g.expression(&e.X)
		g.expression(&e.Y)
		if e.Op != syntax.AND && e.Op != syntax.OR {
			*at = operation(e.Op.String(), e.OpPos, e.X, e.Y)
		}
	case *syntax.SliceExpr:
		g.expression(&e.X)
		for _, bound := range []*syntax.Expr{&e.Lo, &e.Hi, &e.Step} {
			if *bound != nil {
				g.expression(bound)
			}
		}
		e.X = operation(measured, e.Lbrack, e.X)
	case *syntax.IndexExpr:
		g.expression(&e.X)
		g.expression(&e.Y)
		*at = operation(subscript, e.Lbrack, e.X, e.Y)
	}
}

func (g *guarded) all(list []syntax.Expr) {
	for i := range list {
		g.expression(&list[i])
	}
}

// entry guards an entry of a dictionary. There are no more of them than the script has symbols.
func (g *guarded) entry(e syntax.Expr) {
	if entry, ok := e.(*syntax.DictEntry); ok {
		g.expression(&entry.Key)
		g.expression(&entry.Value)
		entry.Key = operation(measured, entry.Colon, entry.Key)
	}
}

// arguments guards the arguments of a call: x, name=x, *x and **x.
func (g *guarded) arguments(call *syntax.CallExpr) {
	for i := range call.Args {
		switch a := call.Args[i].(type) {
		case *syntax.BinaryExpr:
			if a.Op == syntax.EQ {
				g.expression(&a.Y)
				continue
			}
		case *syntax.UnaryExpr:
			if a.Op == syntax.STAR || a.Op == syntax.STARSTAR {
				g.expression(&a.X)
				a.X = operation(measured, a.OpPos, a.X)
				continue
			}
		}
		g.expression(&call.Args[i])
	}
}

// comprehension guards a comprehension. That of a dictionary becomes one of a list of pairs, of
// which the dictionary is then made, and that of a set likewise.
func (g *guarded) comprehension(at *syntax.Expr, e *syntax.Comprehension) {
	for _, clause := range e.Clauses {
		switch c := clause.(type) {
		case *syntax.ForClause:
			g.target(c.Vars)
			g.expression(&c.X)
		case *syntax.IfClause:
			g.expression(&c.Cond)
		}
	}
	if entry, ok := e.Body.(*syntax.DictEntry); ok {
		e.Curly = false
		e.Body = &syntax.TupleExpr{Lparen: entry.Colon, List: []syntax.Expr{entry.Key, entry.Value},
			Rparen: entry.Colon}
		*at = operation("dict", e.Lbrack, e)
	}
	g.expression(&e.Body)
}

// The functions that are no operators.
const (
	measured  = "measured" // measures its argument and returns it
	keyed     = "keyed"    // measures what is changed and a key of it, and returns the key
	subscript = "[]"
)

// operation returns a call of a function that only this package can name.
func operation(name string, at syntax.Position, args ...syntax.Expr) syntax.Expr {
	return &syntax.CallExpr{
		Fn: &syntax.Ident{NamePos: at, Name: inside(name)}, Lparen: at, Args: args, Rparen: at,
	}
}

// inside returns the name of a function that no script can name.
func inside(name string) string { return "(" + name + ")" }

// text returns a text as an expression.
func text(value string, at syntax.Position) syntax.Expr {
	return &syntax.Literal{Token: syntax.STRING, TokenPos: at, Raw: value, Value: value}
}
