package ntlm

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// The ids of the values in a server's description of itself (MS-NLMP 2.2.2.1, AvId).
const (
	avEnd             = 0
	avFlags           = 6
	avTimestamp       = 7
	avTargetName      = 9
	avChannelBindings = 10
)

// flagMIC in avFlags means that the message of the client has a message integrity code.
const flagMIC = 2

// maxPairs is far more than the ten that are defined.
const maxPairs = 64

// targetInfo is a server's description of itself, which the proof covers: pairs of an id and a value.
type targetInfo []avPair

type avPair struct {
	id    uint16
	value []byte
}

func parseTargetInfo(info []byte) (targetInfo, error) {
	var pairs targetInfo
	for len(info) > 0 {
		if len(info) < 4 || len(pairs) == maxPairs {
			return nil, fmt.Errorf("%w: target information", ErrMalformed)
		}
		id, length := binary.LittleEndian.Uint16(info), int(binary.LittleEndian.Uint16(info[2:]))
		if id == avEnd {
			return pairs, nil
		}
		if len(info) < 4+length {
			return nil, fmt.Errorf("%w: target information", ErrMalformed)
		}
		pairs = append(pairs, avPair{id: id, value: info[4 : 4+length]})
		info = info[4+length:]
	}
	return pairs, nil
}

// get returns the value of an id; nil without one.
func (t targetInfo) get(id uint16) []byte {
	for _, pair := range t {
		if pair.id == id {
			return pair.value
		}
	}
	return nil
}

// with returns the pairs with another value for an id.
func (t targetInfo) with(id uint16, value []byte) targetInfo {
	changed := make(targetInfo, 0, len(t)+1)
	for _, pair := range t {
		if pair.id != id {
			changed = append(changed, pair)
		}
	}
	return append(changed, avPair{id: id, value: value})
}

// bytes returns the pairs in the form that is sent.
func (t targetInfo) bytes() []byte {
	var info []byte
	for _, pair := range append(slices.Clip(t), avPair{id: avEnd}) {
		info = binary.LittleEndian.AppendUint16(info, pair.id)
		info = binary.LittleEndian.AppendUint16(info, uint16(len(pair.value)))
		info = append(info, pair.value...)
	}
	return info
}
