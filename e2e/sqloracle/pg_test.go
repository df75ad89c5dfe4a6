package sqloracle

import (
	"fmt"
	"strings"

	"github.com/sqlc-dev/oliphant"
	"github.com/sqlc-dev/oliphant/ast"

	"github.com/tenantvet/tenantvet/internal/sqlscope"
)

type expr = sqlscope.Expr

// parsePG reads PostgreSQL with oliphant.
func parsePG(sql string) ([]*sqlscope.Tree, error) {
	res, err := oliphant.Parse(sql)
	if err != nil {
		return nil, err
	}
	var trees []*sqlscope.Tree
	for _, raw := range res.Stmts {
		trees = append(trees, pgTree(raw.Stmt))
	}
	return trees, nil
}

func pgTree(n *ast.Node) *sqlscope.Tree {
	t := &sqlscope.Tree{}
	switch x := n.Node.(type) {
	case *ast.Node_SelectStmt:
		t.Verb = sqlscope.Select
		t.Query = pgQuery(x.SelectStmt)
	case *ast.Node_InsertStmt:
		s := x.InsertStmt
		t.Verb = sqlscope.Insert
		t.With = pgWith(s.WithClause)
		t.Target = pgRange(s.Relation)
		for _, c := range s.Cols {
			t.Columns = append(t.Columns, sqlscope.Ident{Name: lower(c.GetResTarget().Name)})
			t.HasColumns = true
		}
		if s.SelectStmt != nil {
			t.Query = pgQuery(s.SelectStmt.GetSelectStmt())
		} else {
			t.HasColumns = true // DEFAULT VALUES
		}
		if k := s.OnConflictClause; k != nil && k.Action == ast.OnConflictAction_ONCONFLICT_UPDATE {
			c := &sqlscope.Conflict{Set: pgSet(k.TargetList), Where: pgExpr(k.WhereClause)}
			if k.Infer != nil {
				for _, e := range k.Infer.IndexElems {
					if name := e.GetIndexElem().Name; name != "" {
						c.Columns = append(c.Columns, lower(name))
					}
				}
			}
			t.Conflict = c
		}
		t.Returning = pgReturning(s.ReturningClause)
	case *ast.Node_UpdateStmt:
		s := x.UpdateStmt
		t.Verb = sqlscope.Update
		t.With = pgWith(s.WithClause)
		t.Target = pgRange(s.Relation)
		t.Set = pgSet(s.TargetList)
		t.From = pgFroms(s.FromClause)
		t.Where = pgExpr(s.WhereClause)
		t.Returning = pgReturning(s.ReturningClause)
	case *ast.Node_DeleteStmt:
		s := x.DeleteStmt
		t.Verb = sqlscope.Delete
		t.With = pgWith(s.WithClause)
		t.Target = pgRange(s.Relation)
		t.From = pgFroms(s.UsingClause)
		t.Where = pgExpr(s.WhereClause)
		t.Returning = pgReturning(s.ReturningClause)
	case *ast.Node_MergeStmt:
		s := x.MergeStmt
		t.Verb = sqlscope.Merge
		t.With = pgWith(s.WithClause)
		t.Target = pgRange(s.Relation)
		t.From = []*sqlscope.From{pgFrom(s.SourceRelation)}
		t.Where = pgExpr(s.JoinCondition)
		for _, c := range s.MergeWhenClauses {
			w := c.GetMergeWhenClause()
			a := sqlscope.Action{
				Matched:  w.MatchKind == ast.MergeMatchKind_MERGE_WHEN_MATCHED,
				BySource: w.MatchKind == ast.MergeMatchKind_MERGE_WHEN_NOT_MATCHED_BY_SOURCE,
				Cond:     pgExpr(w.Condition),
			}
			switch w.CommandType {
			case ast.CmdType_CMD_INSERT:
				a.Insert = true
				for _, c := range w.TargetList {
					a.Columns = append(a.Columns, sqlscope.Ident{Name: lower(c.GetResTarget().Name)})
				}
				a.Values = pgExprs(w.Values)
			case ast.CmdType_CMD_UPDATE:
				a.Set = pgSet(w.TargetList)
			case ast.CmdType_CMD_NOTHING:
				a.Nothing = true
			}
			t.Merge = append(t.Merge, a)
		}
		t.Returning = pgReturning(s.ReturningClause)
	case *ast.Node_TruncateStmt:
		t.Verb = sqlscope.Truncate
		for i, r := range x.TruncateStmt.Relations {
			f := pgRange(r.GetRangeVar())
			if i == 0 {
				t.Target = f
			} else {
				t.From = append(t.From, f)
			}
		}
	case *ast.Node_CopyStmt:
		if x.CopyStmt.Relation != nil {
			t.Verb = sqlscope.Copy
			t.Target = pgRange(x.CopyStmt.Relation)
		} else {
			return pgTree(x.CopyStmt.Query)
		}
	case *ast.Node_ExplainStmt:
		return pgTree(x.ExplainStmt.Query)
	}
	return t
}

func pgReturning(r *ast.ReturningClause) []sqlscope.Item {
	if r == nil {
		return nil
	}
	return pgItems(r.Exprs)
}

func pgWith(w *ast.WithClause) []sqlscope.CTE {
	if w == nil {
		return nil
	}
	var list []sqlscope.CTE
	for _, n := range w.Ctes {
		c := n.GetCommonTableExpr()
		x := sqlscope.CTE{Name: lower(c.Ctename), Recursive: w.Recursive, Tree: pgTree(c.Ctequery)}
		for _, a := range c.Aliascolnames {
			x.Columns = append(x.Columns, lower(a.GetString_().Sval))
		}
		list = append(list, x)
	}
	return list
}

func lower(s string) string { return strings.ToLower(s) }

func pgQuery(s *ast.SelectStmt) *sqlscope.Query {
	q := &sqlscope.Query{With: pgWith(s.WithClause)}
	q.Limited = s.LimitCount != nil || s.LimitOffset != nil
	if c := s.LimitCount; c != nil && c.GetAConst() != nil && c.GetAConst().Isnull {
		q.Limited = true // LIMIT ALL
	}
	for _, n := range s.SortClause {
		q.Extra = append(q.Extra, pgExpr(n.GetSortBy().Node))
	}
	// In the order of the text: LIMIT is most often before OFFSET.
	if s.LimitCount != nil {
		q.Extra = append(q.Extra, pgExpr(s.LimitCount))
	}
	if s.LimitOffset != nil {
		q.Extra = append(q.Extra, pgExpr(s.LimitOffset))
	}
	if s.Op != ast.SetOperation_SETOP_NONE && s.Larg != nil {
		q.Left, q.Right = pgQuery(s.Larg), pgQuery(s.Rarg)
		return q
	}
	for _, row := range s.ValuesLists {
		q.Values = append(q.Values, pgExprs(row.GetList().Items))
	}
	q.Items = pgItems(s.TargetList)
	for _, i := range q.Items {
		q.Windowed = q.Windowed || windowed(i.Expr)
	}
	for _, d := range s.DistinctClause {
		if d.Node != nil {
			q.DistinctOn = append(q.DistinctOn, pgExpr(d))
		}
	}
	q.From = pgFroms(s.FromClause)
	q.Where = pgExpr(s.WhereClause)
	q.GroupBy = pgExprs(s.GroupClause)
	q.Having = pgExpr(s.HavingClause)
	return q
}

func windowed(e *expr) bool {
	if e == nil {
		return false
	}
	if e.Window {
		return true
	}
	for _, a := range e.Args {
		if windowed(a) {
			return true
		}
	}
	return false
}

func pgItems(list []*ast.Node) []sqlscope.Item {
	var items []sqlscope.Item
	for _, n := range list {
		r := n.GetResTarget()
		if c := r.Val.GetColumnRef(); c != nil {
			if last := c.Fields[len(c.Fields)-1]; last.GetAStar() != nil {
				item := sqlscope.Item{Star: true}
				if len(c.Fields) > 1 {
					item.Table = lower(c.Fields[len(c.Fields)-2].GetString_().Sval)
				}
				items = append(items, item)
				continue
			}
		}
		items = append(items, sqlscope.Item{Expr: pgExpr(r.Val), Alias: lower(r.Name)})
	}
	return items
}

func pgSet(list []*ast.Node) []sqlscope.Assign {
	var set []sqlscope.Assign
	for _, n := range list {
		r := n.GetResTarget()
		a := sqlscope.Assign{Column: sqlscope.Ident{Name: lower(r.Name)}}
		if m := r.Val.GetMultiAssignRef(); m != nil {
			row := pgExpr(m.Source)
			switch {
			case row.Op == sqlscope.OpRow && int(m.Colno) <= len(row.Args):
				a.Value = row.Args[m.Colno-1]
			case m.Colno == 1:
				a.Value = &expr{Args: []*expr{row}}
			default:
				a.Value = &expr{}
			}
		} else {
			a.Value = pgExpr(r.Val)
		}
		set = append(set, a)
	}
	return set
}

func pgRange(r *ast.RangeVar) *sqlscope.From {
	f := &sqlscope.From{Schema: lower(r.Schemaname), Name: lower(r.Relname)}
	pgAlias(f, r.Alias)
	return f
}

func pgAlias(f *sqlscope.From, a *ast.Alias) {
	if a == nil {
		return
	}
	f.Alias = lower(a.Aliasname)
	for _, c := range a.Colnames {
		f.Columns = append(f.Columns, lower(c.GetString_().Sval))
	}
}

func pgFroms(list []*ast.Node) []*sqlscope.From {
	var out []*sqlscope.From
	for _, n := range list {
		out = append(out, pgFrom(n))
	}
	return out
}

func pgFrom(n *ast.Node) *sqlscope.From {
	switch x := n.Node.(type) {
	case *ast.Node_RangeVar:
		return pgRange(x.RangeVar)
	case *ast.Node_RangeSubselect:
		f := &sqlscope.From{Lateral: x.RangeSubselect.Lateral, Sub: pgQuery(x.RangeSubselect.Subquery.GetSelectStmt())}
		pgAlias(f, x.RangeSubselect.Alias)
		return f
	case *ast.Node_RangeTableSample:
		return pgFrom(x.RangeTableSample.Relation)
	case *ast.Node_RangeFunction:
		s := x.RangeFunction
		f := &sqlscope.From{Lateral: true}
		if items := s.Functions[0].GetList().Items; s.IsRowsfrom {
			e := &expr{}
			for _, fn := range s.Functions {
				e.Args = append(e.Args, pgExpr(fn.GetList().Items[0]))
			}
			f.Func = e
		} else {
			f.Func = pgExpr(items[0])
		}
		pgAlias(f, s.Alias)
		for _, c := range s.Coldeflist {
			f.Columns = append(f.Columns, lower(c.GetColumnDef().Colname))
		}
		return f
	case *ast.Node_JoinExpr:
		j := x.JoinExpr
		f := &sqlscope.From{Natural: j.IsNatural, Left: pgFrom(j.Larg), Right: pgFrom(j.Rarg), On: pgExpr(j.Quals)}
		switch j.Jointype {
		case ast.JoinType_JOIN_LEFT:
			f.Join = sqlscope.Left
		case ast.JoinType_JOIN_RIGHT:
			f.Join = sqlscope.Right
		case ast.JoinType_JOIN_FULL:
			f.Join = sqlscope.Full
		default:
			f.Join = sqlscope.Inner
		}
		for _, u := range j.UsingClause {
			f.Using = append(f.Using, lower(u.GetString_().Sval))
		}
		if j.Alias != nil {
			f = &sqlscope.From{Sub: &sqlscope.Query{Items: []sqlscope.Item{{Star: true}}, From: []*sqlscope.From{f}}}
			pgAlias(f, j.Alias)
		}
		return f
	}
	return &sqlscope.From{Func: &expr{}}
}

func pgExprs(list []*ast.Node) []*expr {
	var out []*expr
	for _, n := range list {
		out = append(out, pgExpr(n))
	}
	return out
}

func other(args ...*expr) *expr { return &expr{Op: sqlscope.OpOther, Args: args} }
func not(e *expr) *expr         { return &expr{Op: sqlscope.OpNot, Args: []*expr{e}} }

func fn(name string, args ...*expr) *expr {
	return &expr{Op: sqlscope.OpFunc, Name: name, Args: args}
}

func lit(text string) *expr {
	return &expr{Op: sqlscope.OpValue, Value: sqlscope.Value{Kind: sqlscope.Literal, Text: text}}
}

func pgExpr(n *ast.Node) *expr {
	if n == nil || n.Node == nil {
		return nil
	}
	switch x := n.Node.(type) {
	case *ast.Node_ColumnRef:
		f := x.ColumnRef.Fields
		last := f[len(f)-1]
		if last.GetAStar() != nil {
			return other()
		}
		e := &expr{Op: sqlscope.OpColumn, Name: lower(last.GetString_().Sval)}
		if len(f) > 1 {
			e.Table = lower(f[len(f)-2].GetString_().Sval)
		}
		return e
	case *ast.Node_ParamRef:
		return &expr{Op: sqlscope.OpValue, Value: sqlscope.Value{Kind: sqlscope.Placeholder, Index: int(x.ParamRef.Number)}}
	case *ast.Node_AConst:
		c := x.AConst
		switch {
		case c.Isnull:
			return lit("null")
		case c.GetBoolval() != nil:
			return lit(fmt.Sprint(c.GetBoolval().Boolval))
		case c.GetSval() != nil:
			return lit(c.GetSval().Sval)
		case c.GetFval() != nil:
			return lit(c.GetFval().Fval)
		case c.GetBsval() != nil:
			return lit(c.GetBsval().Bsval)
		}
		return lit(fmt.Sprint(c.GetIval().GetIval()))
	case *ast.Node_TypeCast:
		n := x.TypeCast.TypeName
		t := sqlscope.Type{Name: lower(n.Names[len(n.Names)-1].GetString_().Sval), Array: len(n.ArrayBounds) > 0}
		if len(n.Typmods) > 0 {
			t.Length = int(n.Typmods[0].GetAConst().GetIval().GetIval())
		}
		return sqlscope.Cast(sqlscope.Postgres, pgExpr(x.TypeCast.Arg), t)
	case *ast.Node_CollateClause:
		return pgExpr(x.CollateClause.Arg)
	case *ast.Node_BoolExpr:
		args := pgExprs(x.BoolExpr.Args)
		switch x.BoolExpr.Boolop {
		case ast.BoolExprType_AND_EXPR:
			return &expr{Op: sqlscope.OpAnd, Args: args}
		case ast.BoolExprType_OR_EXPR:
			return &expr{Op: sqlscope.OpOr, Args: args}
		}
		return &expr{Op: sqlscope.OpNot, Args: args}
	case *ast.Node_NullTest:
		e := &expr{Op: sqlscope.OpNull, Args: []*expr{pgExpr(x.NullTest.Arg)}}
		if x.NullTest.Nulltesttype == ast.NullTestType_IS_NOT_NULL {
			return not(e)
		}
		return e
	case *ast.Node_AExpr:
		return pgOperator(x.AExpr)
	case *ast.Node_SubLink:
		s := x.SubLink
		sub := pgQuery(s.Subselect.GetSelectStmt())
		switch s.SubLinkType {
		case ast.SubLinkType_EXISTS_SUBLINK:
			return &expr{Op: sqlscope.OpExists, Sub: sub}
		case ast.SubLinkType_ANY_SUBLINK:
			if s.OperName == nil || s.OperName[0].GetString_().Sval == "=" {
				return &expr{Op: sqlscope.OpIn, Args: []*expr{pgExpr(s.Testexpr)}, Sub: sub}
			}
			return other(pgExpr(s.Testexpr), &expr{Op: sqlscope.OpSub, Sub: sub})
		case ast.SubLinkType_ALL_SUBLINK:
			return other(pgExpr(s.Testexpr), &expr{Op: sqlscope.OpSub, Sub: sub})
		case ast.SubLinkType_ARRAY_SUBLINK:
			return fn("array", &expr{Op: sqlscope.OpSub, Sub: sub})
		}
		return &expr{Op: sqlscope.OpSub, Sub: sub}
	case *ast.Node_CaseExpr:
		e := &expr{Op: sqlscope.OpCase}
		subject := pgExpr(x.CaseExpr.Arg)
		for _, w := range x.CaseExpr.Args {
			c := pgExpr(w.GetCaseWhen().Expr)
			if subject != nil {
				c = &expr{Op: sqlscope.OpEq, Args: []*expr{subject, c}}
			}
			e.Args = append(e.Args, c, pgExpr(w.GetCaseWhen().Result))
		}
		if d := pgExpr(x.CaseExpr.Defresult); d != nil {
			e.Args = append(e.Args, d)
		}
		return e
	case *ast.Node_CoalesceExpr:
		return &expr{Op: sqlscope.OpCoalesce, Args: pgExprs(x.CoalesceExpr.Args)}
	case *ast.Node_MinMaxExpr:
		name := "greatest"
		if x.MinMaxExpr.Op == ast.MinMaxOp_IS_LEAST {
			name = "least"
		}
		return fn(name, pgExprs(x.MinMaxExpr.Args)...)
	case *ast.Node_RowExpr:
		return &expr{Op: sqlscope.OpRow, Args: pgExprs(x.RowExpr.Args)}
	case *ast.Node_AArrayExpr:
		return fn("array", pgElements(x.AArrayExpr.Elements)...)
	case *ast.Node_FuncCall:
		f := x.FuncCall
		name := lower(f.Funcname[len(f.Funcname)-1].GetString_().Sval)
		e := fn(name, pgExprs(f.Args)...)
		for _, o := range f.AggOrder {
			e.Args = append(e.Args, pgExpr(o.GetSortBy().Node))
		}
		if f.AggFilter != nil {
			e.Args = append(e.Args, other(pgExpr(f.AggFilter)))
		}
		if w := f.Over; w != nil {
			e.Window = true
			def := other(pgExprs(w.PartitionClause)...)
			for _, o := range w.OrderClause {
				def.Args = append(def.Args, pgExpr(o.GetSortBy().Node))
			}
			e.Args = append(e.Args, def)
		}
		return e
	case *ast.Node_SetToDefault:
		return &expr{Op: sqlscope.OpDefault}
	case *ast.Node_SqlvalueFunction:
		return fn("current")
	case *ast.Node_AIndirection:
		args := []*expr{pgExpr(x.AIndirection.Arg)}
		for _, i := range x.AIndirection.Indirection {
			if a := i.GetAIndices(); a != nil {
				if a.Lidx != nil {
					args = append(args, pgExpr(a.Lidx))
				}
				if a.Uidx != nil {
					args = append(args, pgExpr(a.Uidx))
				}
			}
		}
		return other(args...)
	case *ast.Node_BooleanTest:
		return other(pgExpr(x.BooleanTest.Arg))
	case *ast.Node_NamedArgExpr:
		return pgExpr(x.NamedArgExpr.Arg)
	case *ast.Node_List:
		return other(pgExprs(x.List.Items)...)
	case *ast.Node_GroupingSet:
		return other(pgExprs(x.GroupingSet.Content)...)
	case *ast.Node_GroupingFunc:
		return fn("grouping", pgExprs(x.GroupingFunc.Args)...)
	}
	return other()
}

func pgElements(list []*ast.Node) []*expr {
	var out []*expr
	for _, n := range list {
		if a := n.GetAArrayExpr(); a != nil {
			out = append(out, other(pgElements(a.Elements)...))
			continue
		}
		out = append(out, pgExpr(n))
	}
	return out
}

func pgOperator(a *ast.A_Expr) *expr {
	l := pgExpr(a.Lexpr)
	op := ""
	if len(a.Name) > 0 {
		op = a.Name[len(a.Name)-1].GetString_().Sval
	}
	list := func(n *ast.Node) []*expr {
		if x := n.GetList(); x != nil {
			return pgExprs(x.Items)
		}
		return []*expr{pgExpr(n)}
	}
	switch a.Kind {
	case ast.A_Expr_Kind_AEXPR_OP:
		r := pgExpr(a.Rexpr)
		switch {
		case op == "=" && l != nil:
			return &expr{Op: sqlscope.OpEq, Args: []*expr{l, r}}
		case l == nil && op == "-" && r.Op == sqlscope.OpValue && r.Value.Kind == sqlscope.Literal:
			return lit("-" + r.Value.Text)
		case l == nil && op == "+" && r.Op == sqlscope.OpValue && r.Value.Kind == sqlscope.Literal:
			return r
		case l == nil:
			return other(r)
		}
		return other(l, r)
	case ast.A_Expr_Kind_AEXPR_OP_ANY:
		r := pgExpr(a.Rexpr)
		if op == "=" {
			return &expr{Op: sqlscope.OpAny, Args: []*expr{l, r}}
		}
		return other(l, r)
	case ast.A_Expr_Kind_AEXPR_NOT_DISTINCT:
		return &expr{Op: sqlscope.OpEq, Args: []*expr{l, pgExpr(a.Rexpr)}, NullOK: true}
	case ast.A_Expr_Kind_AEXPR_DISTINCT:
		return not(&expr{Op: sqlscope.OpEq, Args: []*expr{l, pgExpr(a.Rexpr)}, NullOK: true})
	case ast.A_Expr_Kind_AEXPR_NULLIF:
		return fn("nullif", l, pgExpr(a.Rexpr))
	case ast.A_Expr_Kind_AEXPR_IN:
		e := &expr{Op: sqlscope.OpIn, Args: append([]*expr{l}, list(a.Rexpr)...)}
		if op == "<>" {
			return not(e)
		}
		return e
	}
	return other(append([]*expr{l}, list(a.Rexpr)...)...)
}
