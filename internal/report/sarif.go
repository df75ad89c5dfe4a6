package report

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"unicode/utf16"
	"unicode/utf8"
)

// A Document is a run with what a reader needs who has only that: the rules,
// and by what to know each finding again.
type Document struct {
	Version string
	Title   string // what was looked at: the path of the module
	// Root is the directory, absolute, that file names are told relative to: the
	// root of the repository.
	Root    string
	Rules   []Rule // all that there are, in the order of the documentation
	Results []Result
	// Errors say what could not be analysed.
	Errors []string
	// Ledger counts what was looked at; nil if nobody asked for it.
	Ledger *Ledger
	// Routes are those of the program; nil if nobody asked for them.
	Routes []Route
}

// A Rule is a kind of finding.
type Rule struct {
	ID    string // as [Finding.Rule] gives it
	Title string // one sentence
	Help  string // its page
	URL   string
}

// A Result is a finding of a document.
type Result struct {
	Finding
	// Fingerprint is the same for the same defect in another run, though lines
	// have moved.
	Fingerprint string
	// Known is why nobody has to act on the finding now though it is there: a
	// baseline knows it. By is the exemption that takes it out. Somebody has to act
	// if there is neither.
	Known string
	By    *Exemption
}

// act reports whether somebody has to act on the finding.
func (r *Result) act() bool { return r.Known == "" && r.By == nil }

// The types of SARIF 2.1.0, as far as they are used here. One run holds all; a
// rule is a reportingDescriptor, a finding is a result, its path is a code flow
// with one thread: the steps, and last the finding itself. What an exemption takes
// out or a baseline knows is a result with a suppression, so that a dashboard shows
// it as closed rather than as mended: one in the source for a directive, an
// external one for the policy and for baselines.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool        sarifTool           `json:"tool"`
		Invocations []sarifInvocation   `json:"invocations"`
		Bases       map[string]sarifURI `json:"originalUriBaseIds"`
		Results     []sarifResult       `json:"results"`
		ColumnKind  string              `json:"columnKind"`
		Properties  *sarifProperties    `json:"properties,omitempty"`
	}
	sarifProperties struct {
		Ledger *Ledger `json:"tenantvet/ledger"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version"`
		URI     string      `json:"informationUri"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID      string       `json:"id"`
		Name    string       `json:"name"`
		Short   sarifText    `json:"shortDescription"`
		Full    sarifText    `json:"fullDescription"`
		Help    sarifText    `json:"help"`
		URI     string       `json:"helpUri,omitempty"`
		Default sarifDefault `json:"defaultConfiguration"`
	}
	sarifDefault struct {
		Level string `json:"level"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifURI struct {
		Description sarifText `json:"description"`
	}
	sarifInvocation struct {
		Successful    bool                `json:"executionSuccessful"`
		Notifications []sarifNotification `json:"toolExecutionNotifications,omitempty"`
	}
	sarifNotification struct {
		Level   string    `json:"level"`
		Message sarifText `json:"message"`
	}
	sarifResult struct {
		RuleID       string             `json:"ruleId"`
		RuleIndex    int                `json:"ruleIndex"`
		Level        string             `json:"level"`
		Message      sarifText          `json:"message"`
		Locations    []sarifLocation    `json:"locations"`
		Fingerprints map[string]string  `json:"partialFingerprints,omitempty"`
		Flows        []sarifFlow        `json:"codeFlows,omitempty"`
		Fixes        []sarifFix         `json:"fixes,omitempty"`
		Suppressions []sarifSuppression `json:"suppressions,omitempty"`
	}
	sarifSuppression struct {
		Kind          string         `json:"kind"`
		Justification string         `json:"justification"`
		Location      *sarifLocation `json:"location,omitempty"` // of the exemption
	}
	sarifLocation struct {
		Physical sarifPhysical `json:"physicalLocation"`
		Message  *sarifText    `json:"message,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI  string `json:"uri"`
		Base string `json:"uriBaseId,omitempty"`
	}
	sarifRegion struct {
		StartLine   int  `json:"startLine,omitempty"`
		StartColumn int  `json:"startColumn,omitempty"`
		EndLine     int  `json:"endLine,omitempty"`
		EndColumn   int  `json:"endColumn,omitempty"`
		ByteOffset  *int `json:"byteOffset,omitempty"`
		ByteLength  *int `json:"byteLength,omitempty"`
	}
	sarifFlow struct {
		Threads []sarifThread `json:"threadFlows"`
	}
	sarifThread struct {
		Locations []sarifFlowLocation `json:"locations"`
	}
	sarifFlowLocation struct {
		Location sarifLocation `json:"location"`
	}
	sarifFix struct {
		Description sarifText     `json:"description"`
		Changes     []sarifChange `json:"artifactChanges"`
	}
	sarifChange struct {
		Artifact     sarifArtifact      `json:"artifactLocation"`
		Replacements []sarifReplacement `json:"replacements"`
	}
	sarifReplacement struct {
		Deleted  sarifRegion `json:"deletedRegion"`
		Inserted *sarifText  `json:"insertedContent,omitempty"`
	}
)

// fingerprintKey names our fingerprints in SARIF. The number goes up when the
// way changes in which they are made.
const fingerprintKey = "tenantvet/v1"

const srcRoot = "%SRCROOT%"

// SARIF prints a document as SARIF 2.1.0. It holds no absolute names: files are
// relative to %SRCROOT%, but for those that are not below the root.
func SARIF(w io.Writer, doc Document) error {
	s := &sarifWriter{root: doc.Root, src: newSources()}
	run := sarifRun{
		Tool:        sarifTool{sarifDriver{Name: "tenantvet", Version: doc.Version, URI: "https://github.com/tenantvet/tenantvet", Rules: []sarifRule{}}},
		Invocations: []sarifInvocation{{Successful: len(doc.Errors) == 0}},
		Bases:       map[string]sarifURI{srcRoot: {sarifText{"the root of the repository"}}},
		Results:     []sarifResult{},
		ColumnKind:  "utf16CodeUnits",
	}
	for _, e := range doc.Errors {
		run.Invocations[0].Notifications = append(run.Invocations[0].Notifications, sarifNotification{"error", sarifText{e}})
	}
	for _, r := range doc.Rules {
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{
			ID: r.ID, Name: r.ID, Short: sarifText{r.Title}, Full: sarifText{r.Title}, Help: sarifText{r.Help}, URI: r.URL, Default: sarifDefault{"error"},
		})
	}
	for _, r := range doc.Results {
		run.Results = append(run.Results, s.result(r, slices.IndexFunc(doc.Rules, func(x Rule) bool { return x.ID == r.Rule() })))
	}
	if doc.Ledger != nil {
		run.Properties = &sarifProperties{doc.Ledger}
	}
	data, err := json.MarshalIndent(sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}}, "", "  ")
	if err != nil {
		return fmt.Errorf("encoding findings: %w", err)
	}
	_, err = w.Write(append(data, '\n'))
	return err
}

type sarifWriter struct {
	root string
	src  *sources
}

// result is a finding; rule is the place of its rule in the list, -1 if that has
// none, which is how SARIF says so too.
func (s *sarifWriter) result(r Result, rule int) sarifResult {
	out := sarifResult{
		RuleID: r.Rule(), RuleIndex: rule, Level: "error", Message: sarifText{r.Message},
		Locations: []sarifLocation{s.location(r.Pos, r.End, "")},
	}
	if r.Fingerprint != "" {
		out.Fingerprints = map[string]string{fingerprintKey: r.Fingerprint}
	}
	if r.By != nil {
		out.Suppressions = append(out.Suppressions, s.suppression(r.By))
	}
	if r.Known != "" {
		out.Suppressions = append(out.Suppressions, sarifSuppression{Kind: "external", Justification: r.Known})
	}
	if len(r.Related) > 0 {
		var thread sarifThread
		for _, step := range r.Related {
			thread.Locations = append(thread.Locations, sarifFlowLocation{s.location(step.Pos, step.End, step.Message)})
		}
		thread.Locations = append(thread.Locations, sarifFlowLocation{s.location(r.Pos, r.End, r.Message)})
		out.Flows = []sarifFlow{{[]sarifThread{thread}}}
	}
	for _, fix := range r.Fixes {
		out.Fixes = append(out.Fixes, s.fix(fix))
	}
	return out
}

func (s *sarifWriter) suppression(by *Exemption) sarifSuppression {
	out := sarifSuppression{Kind: "external", Justification: by.Reason}
	if by.InSource {
		out.Kind = "inSource"
	}
	if by.Pos.File != "" {
		loc := s.location(by.Pos, by.Pos, "")
		out.Location = &loc
	}
	return out
}

func (s *sarifWriter) location(pos, end Pos, message string) sarifLocation {
	loc := sarifLocation{Physical: sarifPhysical{Artifact: s.artifact(pos.File)}}
	if pos.Line > 0 {
		loc.Physical.Region = &sarifRegion{StartLine: pos.Line, StartColumn: s.column(pos)}
		if end.File == pos.File && (end.Line > pos.Line || end.Line == pos.Line && end.Col > pos.Col) {
			loc.Physical.Region.EndLine, loc.Physical.Region.EndColumn = end.Line, s.column(end)
		}
	}
	if message != "" {
		loc.Message = &sarifText{message}
	}
	return loc
}

func (s *sarifWriter) artifact(file string) sarifArtifact {
	if rel := Relative(s.root, file); rel != file || !filepath.IsAbs(file) {
		return sarifArtifact{(&url.URL{Path: filepath.ToSlash(rel)}).String(), srcRoot}
	}
	path := filepath.ToSlash(file)
	if path[0] != '/' {
		path = "/" + path // a drive
	}
	return sarifArtifact{URI: (&url.URL{Scheme: "file", Path: path}).String()}
}

// column returns the column of a place in UTF-16 code units, in which editors
// and dashboards count: ours are bytes. In a file that cannot be read it stays.
func (s *sarifWriter) column(p Pos) int {
	lines := s.src.file(p.File)
	if p.Line > len(lines) || p.Col < 1 || p.Col-1 > len(lines[p.Line-1]) {
		return p.Col
	}
	n := 1
	for head := lines[p.Line-1][:p.Col-1]; len(head) > 0; {
		r, size := utf8.DecodeRune(head)
		n += max(1, utf16.RuneLen(r))
		head = head[size:]
	}
	return n
}

// fix lists the edits of a fix by file, in the order in which files are met.
func (s *sarifWriter) fix(fix Fix) sarifFix {
	out := sarifFix{Description: sarifText{fix.Message}, Changes: []sarifChange{}}
	for _, e := range fix.Edits {
		art := s.artifact(e.File)
		i := slices.IndexFunc(out.Changes, func(c sarifChange) bool { return c.Artifact == art })
		if i < 0 {
			i = len(out.Changes)
			out.Changes = append(out.Changes, sarifChange{Artifact: art})
		}
		length := e.End - e.Start
		repl := sarifReplacement{Deleted: sarifRegion{ByteOffset: &e.Start, ByteLength: &length}}
		if e.New != "" {
			repl.Inserted = &sarifText{e.New}
		}
		out.Changes[i].Replacements = append(out.Changes[i].Replacements, repl)
	}
	return out
}
