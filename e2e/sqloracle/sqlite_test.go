package sqloracle

import (
	"strconv"
	"strings"

	"github.com/sqlc-dev/meyer/ast"
	"github.com/sqlc-dev/meyer/parser"

	"github.com/tenantvet/tenantvet/internal/sqlscope"
)

// parseSQLite reads SQLite with meyer.
func parseSQLite(sql string) ([]*sqlscope.Tree, error) {
	stmts, err := parser.ParseString(sql)
	if err != nil {
		return nil, err
	}
	var trees []*sqlscope.Tree
	for _, s := range stmts {
		l := lite{sql: sql, params: map[int]int{}}
		l.number(s)
		trees = append(trees, l.tree(s))
	}
	return trees, nil
}

type lite struct {
	sql    string
	params map[int]int // start of a ? to its number
}

// number counts the question marks in the order of the text.
func (l *lite) number(n ast.Node) {
	var at []int
	ast.Walk(n, func(n ast.Node) bool {
		if p, ok := n.(*ast.BindParam); ok && p.Kind == ast.ParamAnon {
			at = append(at, p.Start)
		}
		return true
	})
	for _, start := range at {
		k := 1
		for _, s := range at {
			if s < start {
				k++
			}
		}
		l.params[start] = k
	}
}

func name(i *ast.Ident) string {
	if i == nil {
		return ""
	}
	return strings.ToLower(i.Name)
}

func (l *lite) tree(s ast.Stmt) *sqlscope.Tree {
	t := &sqlscope.Tree{}
	switch s := s.(type) {
	case *ast.SelectStmt:
		t.Verb = sqlscope.Select
		t.Query = l.query(s)
	case *ast.InsertStmt:
		t.Verb = sqlscope.Insert
		t.With = l.with(s.With)
		t.Target = &sqlscope.From{Schema: name(s.Table.Schema), Name: name(s.Table.Name), Alias: name(s.Alias)}
		for _, c := range s.Columns {
			t.Columns = append(t.Columns, sqlscope.Ident{Name: name(c)})
			t.HasColumns = true
		}
		if s.Select != nil {
			t.Query = l.query(s.Select)
		}
		if s.DefaultValues {
			t.HasColumns = true
		}
		if s.Replace || s.OrConflict == ast.ConflictReplace {
			t.Conflict = &sqlscope.Conflict{AnyKey: true}
		}
		for _, u := range s.Upserts {
			if u.DoNothing {
				continue
			}
			c := &sqlscope.Conflict{Set: l.set(u.Set), Where: l.expr(u.Where)}
			for _, o := range u.Target {
				if e := l.expr(o.Expr); e.Op == sqlscope.OpColumn {
					c.Columns = append(c.Columns, e.Name)
				}
			}
			t.Conflict = c.Or(t.Conflict)
		}
		t.Returning = l.items(s.Returning)
	case *ast.UpdateStmt:
		t.Verb = sqlscope.Update
		t.With = l.with(s.With)
		t.Target = &sqlscope.From{Schema: name(s.Table.Schema), Name: name(s.Table.Name), Alias: name(s.Alias)}
		t.Set = l.set(s.Set)
		t.From = l.from(s.From)
		t.Where = l.expr(s.Where)
		t.Returning = l.items(s.Returning)
	case *ast.DeleteStmt:
		t.Verb = sqlscope.Delete
		t.With = l.with(s.With)
		t.Target = &sqlscope.From{Schema: name(s.Table.Schema), Name: name(s.Table.Name), Alias: name(s.Alias)}
		t.Where = l.expr(s.Where)
		t.Returning = l.items(s.Returning)
	case *ast.ExplainStmt:
		return l.tree(s.Stmt)
	}
	return t
}

func (l *lite) with(w *ast.With) []sqlscope.CTE {
	if w == nil {
		return nil
	}
	var list []sqlscope.CTE
	for _, c := range w.CTEs {
		x := sqlscope.CTE{Name: name(c.Name), Recursive: w.Recursive, Tree: &sqlscope.Tree{Verb: sqlscope.Select, Query: l.query(c.Select)}}
		for _, n := range c.Columns {
			x.Columns = append(x.Columns, name(n))
		}
		list = append(list, x)
	}
	return list
}

func (l *lite) query(s *ast.SelectStmt) *sqlscope.Query {
	var q *sqlscope.Query
	for i, core := range s.Cores {
		c := l.core(core)
		if i == 0 {
			q = c
			continue
		}
		// ORDER BY and LIMIT of the last core are those of the whole.
		q = &sqlscope.Query{Left: q, Right: c}
		if i == len(s.Cores)-1 {
			q.Limited, q.Extra = c.Limited, c.Extra
			c.Limited, c.Extra = false, nil
		}
	}
	q.With = append(l.with(s.With), q.With...)
	return q
}

func (l *lite) core(c ast.SelectCore) *sqlscope.Query {
	q := &sqlscope.Query{}
	switch c := c.(type) {
	case *ast.ValuesClause:
		for _, row := range c.Rows {
			q.Values = append(q.Values, l.exprs(row))
		}
	case *ast.SelectQuery:
		q.Items = l.items(c.Columns)
		for _, i := range q.Items {
			q.Windowed = q.Windowed || windowed(i.Expr)
		}
		q.From = l.from(c.From)
		q.Where = l.expr(c.Where)
		q.GroupBy = l.exprs(c.GroupBy)
		q.Having = l.expr(c.Having)
		if c.Limit != nil {
			q.Limited = true
			q.Extra = append(q.Extra, l.expr(c.Limit.Count), l.expr(c.Limit.Offset))
		}
		for _, w := range c.Windows {
			q.Extra = append(q.Extra, l.exprs(w.Partition)...)
			for _, o := range w.OrderBy {
				q.Extra = append(q.Extra, l.expr(o.Expr))
			}
		}
		for _, o := range c.OrderBy {
			q.Extra = append(q.Extra, l.expr(o.Expr))
		}
	}
	return q
}

func (l *lite) items(list []*ast.ResultColumn) []sqlscope.Item {
	var items []sqlscope.Item
	for _, r := range list {
		if s, ok := r.Expr.(*ast.Star); ok {
			items = append(items, sqlscope.Item{Star: true, Table: name(s.Table)})
			continue
		}
		items = append(items, sqlscope.Item{Expr: l.expr(r.Expr), Alias: name(r.Alias)})
	}
	return items
}

func (l *lite) set(list []*ast.SetPair) []sqlscope.Assign {
	var set []sqlscope.Assign
	for _, p := range list {
		v := l.expr(p.Value)
		if !p.Paren {
			set = append(set, sqlscope.Assign{Column: sqlscope.Ident{Name: name(p.Columns[0])}, Value: v})
			continue
		}
		for i, c := range p.Columns {
			a := sqlscope.Assign{Column: sqlscope.Ident{Name: name(c)}, Value: other()}
			if v.Op == sqlscope.OpRow && i < len(v.Args) {
				a.Value = v.Args[i]
			} else if i == 0 {
				a.Value = other(v)
			}
			set = append(set, a)
		}
	}
	return set
}

func (l *lite) from(list []*ast.TableRef) []*sqlscope.From {
	var out []*sqlscope.From
	for _, r := range list {
		f := l.table(r)
		if r.Join == nil || len(out) == 0 {
			out = append(out, f)
			continue
		}
		if r.Join.Type&ast.JoinComma != 0 && r.On == nil && len(r.Using) == 0 {
			out = append(out, f)
			continue
		}
		j := &sqlscope.From{Join: sqlscope.Inner, Left: out[len(out)-1], Right: f, On: l.expr(r.On), Natural: r.Join.Type&ast.JoinNatural != 0}
		left, right := r.Join.Type&ast.JoinLeft != 0, r.Join.Type&ast.JoinRight != 0
		switch {
		case left && right:
			j.Join = sqlscope.Full
		case left:
			j.Join = sqlscope.Left
		case right:
			j.Join = sqlscope.Right
		}
		for _, u := range r.Using {
			j.Using = append(j.Using, name(u))
		}
		out[len(out)-1] = j
	}
	return out
}

func (l *lite) table(r *ast.TableRef) *sqlscope.From {
	switch {
	case r.Select != nil:
		return &sqlscope.From{Sub: l.query(r.Select), Alias: name(r.Alias)}
	case r.List != nil:
		list := l.from(r.List)
		f := list[0]
		for _, x := range list[1:] {
			f = &sqlscope.From{Join: sqlscope.Inner, Left: f, Right: x}
		}
		return f
	case r.HasArgs:
		return &sqlscope.From{Lateral: true, Func: fn(name(r.Name.Name), l.exprs(r.Args)...), Alias: name(r.Alias)}
	}
	return &sqlscope.From{Schema: name(r.Name.Schema), Name: name(r.Name.Name), Alias: name(r.Alias)}
}

func (l *lite) exprs(list []ast.Expr) []*expr {
	var out []*expr
	for _, e := range list {
		out = append(out, l.expr(e))
	}
	return out
}

func (l *lite) expr(e ast.Expr) *expr {
	wrap := func(no bool, x *expr) *expr {
		if no {
			return not(x)
		}
		return x
	}
	switch x := e.(type) {
	case nil:
		return nil
	case *ast.Ident:
		switch lower(x.Raw) {
		case "true", "false":
			return lit(lower(x.Raw))
		}
		return &expr{Op: sqlscope.OpColumn, Name: name(x)}
	case *ast.QualifiedRef:
		n := len(x.Parts)
		return &expr{Op: sqlscope.OpColumn, Table: name(x.Parts[n-2]), Name: name(x.Parts[n-1])}
	case *ast.Literal:
		if x.Kind == ast.LitNull {
			return lit("null")
		}
		if x.Kind >= ast.LitCurrentDate {
			return fn(lower(x.Raw))
		}
		if x.Kind == ast.LitBlob {
			return lit("0x" + lower(strings.Trim(x.Value[1:], "'"))) // X'00'
		}
		return lit(x.Value)
	case *ast.BindParam:
		v := sqlscope.Value{Kind: sqlscope.Placeholder, Name: x.Name, Index: x.Number}
		if x.Kind == ast.ParamAnon {
			v.Index = l.params[x.Start]
		}
		if v.Name != "" {
			v.Index = 0
		}
		return &expr{Op: sqlscope.OpValue, Value: v}
	case *ast.ParenExpr:
		return l.expr(x.X)
	case *ast.CollateExpr:
		return l.expr(x.X)
	case *ast.CastExpr:
		t := sqlscope.Type{}
		if x.Type != nil {
			words := strings.Fields(lower(x.Type.Name))
			if len(words) > 0 {
				t.Name = words[0]
			}
			if len(x.Type.Args) > 0 {
				t.Length, _ = strconv.Atoi(x.Type.Args[0])
			}
		}
		return sqlscope.Cast(sqlscope.SQLite, l.expr(x.X), t)
	case *ast.UnaryExpr:
		a := l.expr(x.X)
		switch {
		case x.Op == ast.OpNot:
			return not(a)
		case x.Op == ast.OpPlus && isNumber(x.X):
			return a
		case x.Op == ast.OpMinus && a.Op == sqlscope.OpValue && a.Value.Kind == sqlscope.Literal:
			return lit("-" + a.Value.Text)
		}
		return other(a)
	case *ast.BinaryExpr:
		a, b := l.expr(x.X), l.expr(x.Y)
		switch x.Op {
		case ast.OpAnd:
			return &expr{Op: sqlscope.OpAnd, Args: []*expr{a, b}}
		case ast.OpOr:
			return &expr{Op: sqlscope.OpOr, Args: []*expr{a, b}}
		case ast.OpEq:
			return &expr{Op: sqlscope.OpEq, Args: []*expr{a, b}}
		}
		return other(a, b)
	case *ast.IsExpr:
		if x.Distinct {
			return wrap(!x.Not, &expr{Op: sqlscope.OpEq, Args: []*expr{l.expr(x.X), l.expr(x.Y)}, NullOK: true})
		}
		y := l.expr(x.Y)
		if y.Op == sqlscope.OpValue && y.Value.Kind == sqlscope.Literal {
			switch y.Value.Text {
			case "null":
				return wrap(x.Not, &expr{Op: sqlscope.OpNull, Args: []*expr{l.expr(x.X)}})
			case "true", "false":
				return other(l.expr(x.X))
			}
		}
		return wrap(x.Not, &expr{Op: sqlscope.OpEq, Args: []*expr{l.expr(x.X), y}, NullOK: true})
	case *ast.NullCheckExpr:
		return wrap(x.Test != ast.TestIsNull, &expr{Op: sqlscope.OpNull, Args: []*expr{l.expr(x.X)}})
	case *ast.InExpr:
		in := &expr{Op: sqlscope.OpIn, Args: []*expr{l.expr(x.X)}}
		if x.Select != nil {
			in.Sub = l.query(x.Select)
		} else {
			in.Args = append(in.Args, l.exprs(x.List)...)
		}
		return wrap(x.Not, in)
	case *ast.CaseExpr:
		c := &expr{Op: sqlscope.OpCase}
		subject := l.expr(x.Operand)
		for _, w := range x.Whens {
			g := l.expr(w.When)
			if subject != nil {
				g = &expr{Op: sqlscope.OpEq, Args: []*expr{subject, g}}
			}
			c.Args = append(c.Args, g, l.expr(w.Then))
		}
		if d := l.expr(x.Else); d != nil {
			c.Args = append(c.Args, d)
		}
		return c
	case *ast.FuncCall:
		args := l.exprs(x.Args)
		for _, o := range x.OrderBy {
			args = append(args, l.expr(o.Expr))
		}
		f := fn(name(x.Name), args...)
		if x.Filter != nil {
			f.Args = append(f.Args, other(l.expr(x.Filter)))
		}
		if x.Over != nil {
			f.Window = true
			def := other(l.exprs(x.Over.Partition)...)
			for _, o := range x.Over.OrderBy {
				def.Args = append(def.Args, l.expr(o.Expr))
			}
			f.Args = append(f.Args, def)
			return f
		}
		switch {
		case (f.Name == "coalesce" || f.Name == "ifnull") && len(f.Args) > 0:
			return &expr{Op: sqlscope.OpCoalesce, Args: f.Args}
		case (f.Name == "iif" || f.Name == "if") && len(f.Args) == 3:
			return &expr{Op: sqlscope.OpCase, Args: f.Args}
		}
		return f
	case *ast.ExistsExpr:
		return &expr{Op: sqlscope.OpExists, Sub: l.query(x.Select)}
	case *ast.SubqueryExpr:
		return &expr{Op: sqlscope.OpSub, Sub: l.query(x.Select)}
	case *ast.VectorExpr:
		return &expr{Op: sqlscope.OpRow, Args: l.exprs(x.List)}
	}
	var args []*expr
	for _, c := range e.Children() {
		if y, ok := c.(ast.Expr); ok {
			if id, ok := c.(*ast.Ident); ok && id == operator(e) {
				continue
			}
			args = append(args, l.expr(y))
		}
	}
	return other(args...)
}

func isNumber(e ast.Expr) bool {
	l, ok := e.(*ast.Literal)
	return ok && l.Kind != ast.LitString
}

func operator(e ast.Expr) *ast.Ident {
	if like, ok := e.(*ast.LikeExpr); ok {
		return like.Op
	}
	return nil
}
