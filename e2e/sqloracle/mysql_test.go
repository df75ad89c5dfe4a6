package sqloracle

import (
	"fmt"
	"sort"
	"strings"

	"github.com/sqlc-dev/marino/ast"
	"github.com/sqlc-dev/marino/opcode"
	"github.com/sqlc-dev/marino/parser"

	"github.com/tenantvet/tenantvet/internal/sqlscope"
)

// parseMySQL reads MySQL with marino.
func parseMySQL(sql string) (trees []*sqlscope.Tree, err error) {
	defer func() { // of the parser's, by a number of many digits
		if x := recover(); x != nil {
			err = fmt.Errorf("%v", x)
		}
	}()
	stmts, _, err := parser.New().Parse(sql, "", "")
	if err != nil {
		return nil, err
	}
	for _, s := range stmts {
		v := &marks{}
		s.Accept(v)
		sort.SliceStable(v.list, func(i, j int) bool { return v.list[i].Offset < v.list[j].Offset })
		m := my{number: map[*ast.ParamMarkerExprBase]int{}}
		for i, p := range v.list {
			m.number[p] = i + 1
		}
		trees = append(trees, m.tree(s))
	}
	return trees, nil
}

type marks struct{ list []*ast.ParamMarkerExprBase }

func (m *marks) Enter(n ast.Node) (ast.Node, bool) {
	if p, ok := n.(*ast.ParamMarkerExprBase); ok {
		m.list = append(m.list, p)
	}
	return n, false
}
func (m *marks) Leave(n ast.Node) (ast.Node, bool) { return n, true }

type my struct {
	number map[*ast.ParamMarkerExprBase]int
}

func (m *my) tree(s ast.Node) *sqlscope.Tree {
	t := &sqlscope.Tree{}
	switch s := s.(type) {
	case *ast.SelectStmt, *ast.SetOprStmt:
		t.Verb = sqlscope.Select
		t.Query = m.query(s)
	case *ast.InsertStmt:
		t.Verb = sqlscope.Insert
		t.Target = m.join(s.Table.TableRefs)
		for _, c := range s.Columns {
			t.Columns = append(t.Columns, sqlscope.Ident{Name: c.Name.L})
			t.HasColumns = true
		}
		if s.Select != nil {
			t.Query = m.query(s.Select)
		} else if len(s.Lists) > 0 {
			t.HasColumns = t.HasColumns || len(s.Lists[0]) == 0
			t.Query = &sqlscope.Query{}
			for _, row := range s.Lists {
				t.Query.Values = append(t.Query.Values, m.exprs(row))
			}
		}
		if s.IsReplace {
			t.Conflict = &sqlscope.Conflict{AnyKey: true}
		}
		if s.OnDuplicate != nil {
			c := &sqlscope.Conflict{AnyKey: true, Set: m.set(s.OnDuplicate)}
			t.Conflict = c.Or(t.Conflict)
		}
	case *ast.UpdateStmt:
		t.Verb = sqlscope.Update
		t.With = m.with(s.With)
		f := m.refs(s.TableRefs.TableRefs)
		t.Set = m.set(s.List)
		if len(f) == 1 && f[0].Join == sqlscope.NoJoin {
			t.Target = f[0]
		} else {
			t.From = f
			t.Written = writtenBy(t.Set, f)
		}
		t.Where = m.expr(s.Where)
	case *ast.DeleteStmt:
		t.Verb = sqlscope.Delete
		t.With = m.with(s.With)
		f := m.refs(s.TableRefs.TableRefs)
		if s.IsMultiTable {
			t.From = f
			for _, d := range s.Tables.Tables {
				t.Written = append(t.Written, d.Name.L)
			}
		} else {
			t.Target = f[0]
		}
		t.Where = m.expr(s.Where)
	case *ast.TruncateTableStmt:
		t.Verb = sqlscope.Truncate
		t.Target = &sqlscope.From{Schema: s.Table.Schema.L, Name: s.Table.Name.L}
	case *ast.ExplainStmt:
		return m.tree(s.Stmt)
	}
	return t
}

func writtenBy(set []sqlscope.Assign, from []*sqlscope.From) []string {
	var names []string
	for _, a := range set {
		if a.Table == "" {
			return names2(from)
		}
		names = append(names, a.Table)
	}
	return names
}

func names2(from []*sqlscope.From) []string {
	var names []string
	for _, f := range from {
		switch {
		case f.Join != sqlscope.NoJoin:
			names = append(names, names2([]*sqlscope.From{f.Left, f.Right})...)
		case f.Alias != "":
			names = append(names, f.Alias)
		case f.Name != "":
			names = append(names, f.Name)
		}
	}
	return names
}

func (m *my) with(w *ast.WithClause) []sqlscope.CTE {
	if w == nil {
		return nil
	}
	var list []sqlscope.CTE
	for _, c := range w.CTEs {
		x := sqlscope.CTE{Name: c.Name.L, Recursive: w.IsRecursive, Tree: &sqlscope.Tree{Verb: sqlscope.Select, Query: m.query(c.Query.Query)}}
		for _, n := range c.ColNameList {
			x.Columns = append(x.Columns, n.L)
		}
		list = append(list, x)
	}
	return list
}

func (m *my) query(n ast.Node) *sqlscope.Query {
	switch s := n.(type) {
	case *ast.SubqueryExpr:
		return m.query(s.Query)
	case *ast.SetOprStmt:
		q := m.list(s.SelectList)
		q.With = append(m.with(s.With), q.With...)
		m.tail(q, s.OrderBy, s.Limit)
		return q
	case *ast.SetOprSelectList:
		return m.list(s)
	case *ast.SelectStmt:
		q := &sqlscope.Query{With: m.with(s.With)}
		if s.Kind == ast.SelectStmtKindValues {
			for _, row := range s.Lists {
				q.Values = append(q.Values, m.exprs(row.Values))
			}
			return q
		}
		if s.Kind == ast.SelectStmtKindTable {
			q.Items = []sqlscope.Item{{Star: true}}
			q.From = m.refs(s.From.TableRefs)
			return q
		}
		for _, f := range s.Fields.Fields {
			if f.WildCard != nil {
				q.Items = append(q.Items, sqlscope.Item{Star: true, Table: f.WildCard.Table.L})
				continue
			}
			q.Items = append(q.Items, sqlscope.Item{Expr: m.expr(f.Expr), Alias: f.AsName.L})
			q.Windowed = q.Windowed || windowed(q.Items[len(q.Items)-1].Expr)
		}
		if s.From != nil {
			q.From = m.refs(s.From.TableRefs)
		}
		q.Where = m.expr(s.Where)
		if s.GroupBy != nil {
			for _, i := range s.GroupBy.Items {
				q.GroupBy = append(q.GroupBy, m.expr(i.Expr))
			}
		}
		if s.Having != nil {
			q.Having = m.expr(s.Having.Expr)
		}
		m.tail(q, s.OrderBy, s.Limit)
		return q
	}
	return &sqlscope.Query{}
}

func (m *my) list(s *ast.SetOprSelectList) *sqlscope.Query {
	var q *sqlscope.Query
	for _, n := range s.Selects {
		x := m.query(n)
		if q == nil {
			q = x
		} else {
			q = &sqlscope.Query{Left: q, Right: x}
		}
	}
	m.tail(q, s.OrderBy, s.Limit)
	q.With = append(m.with(s.With), q.With...)
	return q
}

func (m *my) tail(q *sqlscope.Query, o *ast.OrderByClause, l *ast.Limit) {
	if o != nil {
		for _, i := range o.Items {
			q.Extra = append(q.Extra, m.expr(i.Expr))
		}
	}
	if l != nil {
		q.Limited = true
	}
}

// refs turns the comma into a list, as the scanner has it.
func (m *my) refs(j *ast.Join) []*sqlscope.From {
	if j.Right == nil {
		if l, ok := j.Left.(*ast.Join); ok {
			return m.refs(l)
		}
		return []*sqlscope.From{m.source(j.Left)}
	}
	return []*sqlscope.From{m.join(j)}
}

func (m *my) join(j *ast.Join) *sqlscope.From {
	if j.Right == nil {
		return m.source(j.Left)
	}
	f := &sqlscope.From{Join: sqlscope.Inner, Left: m.source(j.Left), Right: m.source(j.Right), Natural: j.NaturalJoin}
	switch j.Tp {
	case ast.LeftJoin:
		f.Join = sqlscope.Left
	case ast.RightJoin:
		f.Join = sqlscope.Right
	}
	if j.On != nil {
		f.On = m.expr(j.On.Expr)
	}
	for _, u := range j.Using {
		f.Using = append(f.Using, u.Name.L)
	}
	return f
}

func (m *my) source(n ast.ResultSetNode) *sqlscope.From {
	switch s := n.(type) {
	case *ast.Join:
		return m.join(s)
	case *ast.TableName:
		return &sqlscope.From{Schema: s.Schema.L, Name: s.Name.L}
	case *ast.TableSource:
		var f *sqlscope.From
		switch x := s.Source.(type) {
		case *ast.TableName:
			f = &sqlscope.From{Schema: x.Schema.L, Name: x.Name.L}
		case *ast.Join:
			f = m.join(x)
		case *ast.SelectStmt, *ast.SetOprStmt:
			f = &sqlscope.From{Sub: m.query(x), Lateral: s.Lateral}
		case *ast.JSONTableExpr:
			f = &sqlscope.From{Lateral: true, Func: fn("json_table", m.expr(x.Doc), m.expr(x.Path))}
			for _, c := range x.Columns {
				f.Columns = append(f.Columns, c.Name.L)
			}
		default:
			f = &sqlscope.From{Func: other()}
		}
		f.Alias = s.AsName.L
		for _, c := range s.ColumnNames {
			f.Columns = append(f.Columns, c.L)
		}
		return f
	}
	return &sqlscope.From{Func: other()}
}

func (m *my) set(list []*ast.Assignment) []sqlscope.Assign {
	var set []sqlscope.Assign
	for _, a := range list {
		set = append(set, sqlscope.Assign{Table: a.Column.Table.L, Column: sqlscope.Ident{Name: a.Column.Name.L}, Value: m.expr(a.Expr)})
	}
	return set
}

func (m *my) exprs(list []ast.ExprNode) []*expr {
	var out []*expr
	for _, e := range list {
		out = append(out, m.expr(e))
	}
	return out
}

func (m *my) expr(n ast.ExprNode) *expr {
	wrap := func(no bool, x *expr) *expr {
		if no {
			return not(x)
		}
		return x
	}
	switch x := n.(type) {
	case nil:
		return nil
	case *ast.ColumnNameExpr:
		return &expr{Op: sqlscope.OpColumn, Table: x.Name.Table.L, Name: x.Name.Name.L}
	case *ast.ParamMarkerExprBase:
		return &expr{Op: sqlscope.OpValue, Value: sqlscope.Value{Kind: sqlscope.Placeholder, Index: m.number[x]}}
	case *ast.ValueExprBase:
		if x.Kind() == ast.KindString {
			return lit(x.GetString())
		}
		var b strings.Builder
		x.Format(&b)
		text := lower(b.String())
		if strings.HasSuffix(text, "'") { // x'1f', b'101'
			text = "0" + text[:1] + strings.Trim(text[1:], "'")
		}
		return lit(text)
	case *ast.ParenthesesExpr:
		return m.expr(x.Expr)
	case *ast.FuncCastExpr:
		if x.FunctionType == ast.CastBinaryOperator {
			return m.expr(x.Expr) // BINARY x
		}
		t := sqlscope.Type{Name: x.Tp.CompactStr()}
		if i := strings.IndexByte(t.Name, '('); i >= 0 {
			t.Name = t.Name[:i]
		}
		if n := x.Tp.GetFlen(); n > 0 && t.Name != "bigint" {
			t.Length = n
		}
		if t.Name == "var_string" {
			t.Name = "char"
		}
		return sqlscope.Cast(sqlscope.MySQL, m.expr(x.Expr), t)
	case *ast.SetCollationExpr:
		return m.expr(x.Expr)
	case *ast.BinaryOperationExpr:
		l, r := m.expr(x.L), m.expr(x.R)
		switch x.Op {
		case opcode.LogicAnd:
			return &expr{Op: sqlscope.OpAnd, Args: []*expr{l, r}}
		case opcode.LogicOr:
			return &expr{Op: sqlscope.OpOr, Args: []*expr{l, r}}
		case opcode.EQ:
			return &expr{Op: sqlscope.OpEq, Args: []*expr{l, r}}
		case opcode.NullEQ:
			return &expr{Op: sqlscope.OpEq, Args: []*expr{l, r}, NullOK: true}
		}
		return other(l, r)
	case *ast.UnaryOperationExpr:
		v := m.expr(x.V)
		switch {
		case x.Op == opcode.Not || x.Op == opcode.Not2:
			return not(v)
		case x.Op == opcode.Plus && v.Op == sqlscope.OpValue && v.Value.Kind == sqlscope.Literal:
			return v
		case x.Op == opcode.Minus && v.Op == sqlscope.OpValue && v.Value.Kind == sqlscope.Literal:
			return lit("-" + v.Value.Text)
		}
		return other(v)
	case *ast.IsNullExpr:
		return wrap(x.Not, &expr{Op: sqlscope.OpNull, Args: []*expr{m.expr(x.Expr)}})
	case *ast.IsTruthExpr:
		return other(m.expr(x.Expr))
	case *ast.PatternInExpr:
		in := &expr{Op: sqlscope.OpIn, Args: []*expr{m.expr(x.Expr)}}
		if x.Sel != nil {
			in.Sub = m.query(x.Sel)
		} else {
			in.Args = append(in.Args, m.exprs(x.List)...)
		}
		return wrap(x.Not, in)
	case *ast.CompareSubqueryExpr:
		if x.Op == opcode.EQ && !x.All {
			return &expr{Op: sqlscope.OpIn, Args: []*expr{m.expr(x.L)}, Sub: m.query(x.R)}
		}
		return other(m.expr(x.L), m.expr(x.R))
	case *ast.ExistsSubqueryExpr:
		return wrap(x.Not, &expr{Op: sqlscope.OpExists, Sub: m.query(x.Sel)})
	case *ast.SubqueryExpr:
		return &expr{Op: sqlscope.OpSub, Sub: m.query(x.Query)}
	case *ast.RowExpr:
		return &expr{Op: sqlscope.OpRow, Args: m.exprs(x.Values)}
	case *ast.DefaultExpr:
		return &expr{Op: sqlscope.OpDefault}
	case *ast.ValuesExpr:
		return fn("values", &expr{Op: sqlscope.OpColumn, Name: x.Column.Name.Name.L})
	case *ast.BetweenExpr:
		return other(m.expr(x.Expr), m.expr(x.Left), m.expr(x.Right))
	case *ast.PatternLikeOrIlikeExpr:
		return other(m.expr(x.Expr), m.expr(x.Pattern))
	case *ast.PatternRegexpExpr:
		return other(m.expr(x.Expr), m.expr(x.Pattern))
	case *ast.CaseExpr:
		c := &expr{Op: sqlscope.OpCase}
		subject := m.expr(x.Value)
		for _, w := range x.WhenClauses {
			g := m.expr(w.Expr)
			if subject != nil {
				g = &expr{Op: sqlscope.OpEq, Args: []*expr{subject, g}}
			}
			c.Args = append(c.Args, g, m.expr(w.Result))
		}
		if d := m.expr(x.ElseClause); d != nil {
			c.Args = append(c.Args, d)
		}
		return c
	case *ast.FuncCallExpr:
		f := fn(x.FnName.L, m.exprs(x.Args)...)
		switch {
		case (f.Name == "coalesce" || f.Name == "ifnull") && len(f.Args) > 0:
			return &expr{Op: sqlscope.OpCoalesce, Args: f.Args}
		case f.Name == ast.DateLiteral, f.Name == ast.TimeLiteral, f.Name == ast.TimestampLiteral:
			return f.Args[0]
		case f.Name == "if" && len(f.Args) == 3:
			return &expr{Op: sqlscope.OpCase, Args: f.Args}
		}
		return f
	case *ast.AggregateFuncExpr:
		f := fn(lower(x.F), m.exprs(x.Args)...)
		if x.Order != nil {
			for _, i := range x.Order.Items {
				f.Args = append(f.Args, m.expr(i.Expr))
			}
		}
		return f
	case *ast.WindowFuncExpr:
		f := fn(lower(x.Name), m.exprs(x.Args)...)
		f.Window = true
		def := other()
		if p := x.Spec.PartitionBy; p != nil {
			for _, i := range p.Items {
				def.Args = append(def.Args, m.expr(i.Expr))
			}
		}
		if o := x.Spec.OrderBy; o != nil {
			for _, i := range o.Items {
				def.Args = append(def.Args, m.expr(i.Expr))
			}
		}
		f.Args = append(f.Args, def)
		return f
	case *ast.VariableExpr:
		if x.IsSystem {
			return &expr{Op: sqlscope.OpValue, Value: sqlscope.Value{Kind: sqlscope.Computed, Text: "@@" + x.Name}}
		}
		if x.Value != nil {
			return other(m.expr(x.Value)) // @x := …
		}
		return &expr{Op: sqlscope.OpValue, Value: sqlscope.Value{Kind: sqlscope.Placeholder, Name: x.Name}}
	case *ast.MatchAgainst:
		return other(m.expr(x.Against))
	}
	// What no rule looks at: its operands, of which the visitor keeps the first level.
	v := &operands{of: n}
	n.Accept(v)
	return other(m.exprs(v.list)...)
}

// operands collects the expressions directly below one.
type operands struct {
	of   ast.Node
	list []ast.ExprNode
}

func (v *operands) Enter(n ast.Node) (ast.Node, bool) {
	if n == v.of {
		return n, false
	}
	if e, ok := n.(ast.ExprNode); ok {
		v.list = append(v.list, e)
		return n, true
	}
	return n, false
}

func (v *operands) Leave(n ast.Node) (ast.Node, bool) { return n, true }
