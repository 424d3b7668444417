package queue

import (
	"encoding/json"
	"errors"

	"github.com/nats-io/nats.go"
)

// ProgressKind is what a [Progress] reports.
type ProgressKind string

// The kinds of progress.
const (
	Started  ProgressKind = "started"
	Measured ProgressKind = "measured"
	Finished ProgressKind = "finished"
	Failed   ProgressKind = "failed"
)

// Progress is what a worker reports of a cell. Reports are not kept, and may be lost.
type Progress struct {
	Kind    ProgressKind       `json:"kind"`
	Worker  string             `json:"worker"`
	Machine string             `json:"machine"`
	ID      string             `json:"id"`
	Link    string             `json:"link"`
	Step    int                `json:"step"`
	Metrics map[string]float64 `json:"metrics,omitempty"` // with Measured, of one level
}

// report sends a report to those who listen.
func (q *Queue) report(p Progress) {
	if text, err := json.Marshal(p); err == nil { // a number that JSON cannot have is not reported
		_ = q.nc.Publish(q.study.progress(), text)
	}
}

// Listen calls observe for each report of a study's workers, one at a time, until stop is called.
// hash is the study's, or "*" for all studies.
func Listen(nc *nats.Conn, hash string, observe func(Progress)) (stop func(), err error) {
	if len(hash) > hashDigits {
		hash = hash[:hashDigits]
	}
	s, err := nc.Subscribe("posttrain."+hash+".progress", func(m *nats.Msg) {
		var p Progress
		if json.Unmarshal(m.Data, &p) == nil {
			observe(p)
		}
	})
	if err != nil {
		return nil, errors.Join(ErrGone, err)
	}
	return func() { _ = s.Unsubscribe() }, nil
}
