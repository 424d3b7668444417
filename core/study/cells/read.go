package cells

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"math"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/study/design"
	"github.com/posttrain/posttrain/core/train"
)

// mostLine is the greatest length of a line that is read: a curve of 10,000 measurements.
const mostLine = 64 << 20

// ErrCut is wrapped by the error of a last line that has no end: its writer was stopped, or the
// file has become shorter on its way.
var ErrCut = errors.New("the line is cut off")

// ReadFile returns the results in a file, in its order. A file whose name ends in .gz is
// decompressed. The error of a line that cannot be one has the number of the line.
func ReadFile(path string) ([]Result, error) { return readAll(path, Decode) }

// Read returns the results in what is read from a file with this name, as [ReadFile] does.
func Read(name string, from io.Reader) ([]Result, error) { return readFrom(name, from, Decode) }

// ReadWork returns how the results in a study's folder came to be computed, in the order in which
// they did.
func ReadWork(path string) ([]Work, error) { return readAll(path, DecodeWork) }

// ByCell returns the result of each cell of a study; a cell without one is not in the map. It
// returns an error if a result is not one of the study or is there twice.
func ByCell(s *design.Study, results []Result) (map[design.Cell]*Result, error) {
	planned := map[design.Cell]bool{}
	for _, c := range s.Cells() {
		planned[c] = true
	}
	found := make(map[design.Cell]*Result, len(results))
	for i := range results {
		r := &results[i]
		switch c := r.Cell(); {
		case !planned[c]:
			return nil, fmt.Errorf("%s is no cell of the study %s", c.Link, s.Name)
		case found[c] != nil:
			return nil, fmt.Errorf("there are two results of %s", c.Link)
		default:
			found[c] = r
		}
	}
	return found, nil
}

// readAll returns what decode makes of the lines of a file, up to the first that it refuses.
func readAll[T any](path string, decode func([]byte) (T, error)) (all []T, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readFrom(path, f, decode)
}

func readFrom[T any](path string, in io.Reader, decode func([]byte) (T, error)) (all []T,
	err error) {
	if strings.HasSuffix(path, ".gz") {
		if in, err = gzip.NewReader(in); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	for line, err := range lines(in) {
		var one T
		if err == nil {
			one, err = decode(line.text)
		}
		if err != nil {
			return all, fmt.Errorf("%s: line %d: %w", path, line.number, err)
		}
		all = append(all, one)
	}
	return all, nil
}

// line is a line of a file.
type line struct {
	number int // from 1
	start  int64
	text   []byte // with its end
}

// lines returns the lines of a file. The last one comes with an error if it has no end.
func lines(from io.Reader) iter.Seq2[line, error] {
	return func(yield func(line, error) bool) {
		in, at := bufio.NewReader(from), int64(0)
		for number := 1; ; number++ {
			l := line{number: number, start: at}
			var err error
			for {
				var part []byte
				part, err = in.ReadSlice('\n')
				l.text = append(l.text, part...)
				if err != bufio.ErrBufferFull || len(l.text) > mostLine {
					break
				}
			}
			at += int64(len(l.text))
			switch {
			case err == io.EOF && len(l.text) == 0:
				return
			case err == io.EOF:
				err = fmt.Errorf("%w: want a line of JSON", ErrCut)
			case len(l.text) > mostLine:
				err = fmt.Errorf("it has more than %d bytes, which is all that is read", mostLine)
			}
			if !yield(l, err) || err != nil {
				return
			}
		}
	}
}

// Decode reads a result. It returns an error for one that no cell can have, and for one of another
// engine, whose bits differ.
func Decode(line []byte) (r Result, err error) {
	if err := strictly(line, &r); err != nil {
		return r, err
	}
	if err := r.check(); err != nil {
		return r, err
	}
	if r.Part != design.Tune && r.Part != design.Judge {
		return r, fmt.Errorf("part is %s, want %s or %s", param.Quote(string(r.Part)), design.Tune,
			design.Judge)
	}
	return r, nil
}

// DecodeOutcome reads an outcome as [Decode] reads a result.
func DecodeOutcome(line []byte) (o Outcome, err error) {
	if err := strictly(line, &o); err != nil {
		return o, err
	}
	return o, o.check()
}

// DecodeWork reads how a cell came to be computed.
func DecodeWork(line []byte) (w Work, err error) {
	err = strictly(line, &w)
	return w, err
}

// strictly decodes JSON that has all that it should and nothing else.
func strictly(line []byte, v any) error {
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(v); err != nil {
		return errors.New(strings.TrimPrefix(err.Error(), "json: "))
	}
	if _, err := decoder.Token(); err != io.EOF {
		return errors.New("something follows the JSON: want one value a line")
	}
	return nil
}

var sha256Text = regexp.MustCompile(`^[0-9a-f]{64}$`)

// check returns an error if no cell can have this outcome.
func (o Outcome) check() error {
	switch id := (design.Cell{Link: o.Link}).ID(); {
	case o.Engine != train.Engine:
		return fmt.Errorf("engine %d computed it, and this program is engine %d, whose numbers "+
			"may differ: compute the study again in another folder", o.Engine, train.Engine)
	case o.ID != id:
		return fmt.Errorf("id is %s, and that of its link is %s", param.Quote(o.ID), id)
	case !sha256Text.MatchString(o.Digest):
		return fmt.Errorf("digest is %s, want 64 hexadecimal digits", param.Quote(o.Digest))
	case o.BaseDigest != "" && !sha256Text.MatchString(o.BaseDigest):
		return fmt.Errorf("base_digest is %s, want 64 hexadecimal digits",
			param.Quote(o.BaseDigest))
	case o.Steps < 0:
		return fmt.Errorf("steps is %d, want at least 0", o.Steps)
	case len(o.Before) == 0 || len(o.After) == 0 || len(o.Curve) == 0:
		return errors.New("before, after or curve is missing")
	}
	last := Point{Metrics: o.Before, Cost: newCost(protocol.Cost{})}
	for i, p := range o.Curve {
		if p.Step < last.Step || p.Step > o.Steps || p.Stage < last.Stage {
			return fmt.Errorf("point %d of the curve is at step %d of stage %d, after step %d of "+
				"stage %d", i+1, p.Step, p.Stage, last.Step, last.Stage)
		}
		if err := checkPoint(p.Metrics, p.Cost); err != nil {
			return fmt.Errorf("point %d of the curve: %w", i+1, err)
		}
		last = p
	}
	if err := checkPoint(o.Before, last.Cost); err != nil {
		return fmt.Errorf("before: %w", err)
	}
	return checkPoint(o.After, o.Cost)
}

// checkPoint returns an error for a metric or a cost that the dictionary or the ledger does not
// have, or that cannot have its value.
func checkPoint(metrics map[string]float64, cost Cost) error {
	const rounding = 1e-6
	for _, name := range slices.Sorted(maps.Keys(metrics)) {
		d, ok := eval.Define(name)
		v := metrics[name]
		switch {
		case !ok:
			return fmt.Errorf("%s is no metric", param.Quote(name))
		case d.Unit == eval.Share && !(v >= -rounding && v <= 1+rounding):
			return fmt.Errorf("%s is %v, want a share from 0 to 1", name, v)
		}
	}
	known := newCost(protocol.Cost{})
	for _, name := range slices.Sorted(maps.Keys(cost)) {
		if _, ok := known[name]; !ok {
			return fmt.Errorf("cost has %s, which is no entry of the ledger", param.Quote(name))
		}
		if v := cost[name]; v < 0 || math.IsNaN(v) {
			return fmt.Errorf("cost has %s of %v, want at least 0", name, v)
		}
	}
	if len(cost) != len(known) {
		return fmt.Errorf("cost has %d of %d entries", len(cost), len(known))
	}
	return nil
}
