//go:build js && wasm && page

// Package events hands events to JavaScript.
package events

import (
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/wasm/exports"
)

// Array returns an array of events, each in msgp.
func Array(all []protocol.Event) (any, error) {
	encoded := make([]any, len(all))
	for i := range all {
		b, err := all[i].MarshalMsg(nil)
		if err != nil {
			return nil, err
		}
		encoded[i] = exports.Array(b)
	}
	return encoded, nil
}
