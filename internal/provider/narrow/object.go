package narrow

import (
	"bytes"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/vmihailenco/msgpack/v5"
	"github.com/vmihailenco/msgpack/v5/msgpcode"
)

// object is the value of a resource, as Terraform's protocol encodes it: a MessagePack map with every attribute and block.
type object struct {
	// value is the whole value.
	value *tfprotov6.DynamicValue
	// members are its attributes and blocks. A null value has none.
	members []member
}

// member is one attribute or block.
type member struct {
	name string
	null bool
	// encoded is its name and its value.
	encoded []byte
}

// decode splits a value into its members. It returns false if the value is neither null nor a known object in MessagePack.
func decode(value *tfprotov6.DynamicValue) (o object, ok bool) {
	if value == nil || len(value.MsgPack) == 0 {
		return o, false
	}
	o.value = value
	reader := bytes.NewReader(value.MsgPack)
	decoder := msgpack.GetDecoder()
	defer msgpack.PutDecoder(decoder)
	decoder.Reset(reader)
	at := func() int { return len(value.MsgPack) - reader.Len() }
	if code := value.MsgPack[0]; code != msgpcode.Nil && !isMap(code) {
		return o, false
	}
	n, err := decoder.DecodeMapLen()
	if err != nil {
		return o, false
	}
	if n > 0 {
		o.members = make([]member, 0, n)
	}
	for range n {
		start := at()
		name, err := decoder.DecodeString()
		if err != nil {
			return o, false
		}
		null := at() < len(value.MsgPack) && value.MsgPack[at()] == msgpcode.Nil
		if err := decoder.Skip(); err != nil {
			return o, false
		}
		o.members = append(o.members, member{name: name, null: null, encoded: value.MsgPack[start:at()]})
	}
	return o, reader.Len() == 0
}

func isMap(code byte) bool {
	return msgpcode.IsFixedMap(code) || code == msgpcode.Map16 || code == msgpcode.Map32
}

// has reports whether a member is there and not null.
func (o object) has(name string) bool {
	return slices.ContainsFunc(o.members, func(m member) bool { return m.name == name && !m.null })
}

// without is the value without some members.
func (o object) without(names []string) *tfprotov6.DynamicValue {
	if o.members == nil {
		return o.value
	}
	return encode(slices.DeleteFunc(o.members, func(m member) bool { return slices.Contains(names, m.name) }))
}

// with is the value with more members, which are null. Members are in the order of their names.
func (o object) with(names []string) *tfprotov6.DynamicValue {
	if o.members == nil {
		return o.value
	}
	members := o.members
	for _, name := range names {
		members = append(members, member{name: name, null: true, encoded: append(encodeName(name), msgpcode.Nil)})
	}
	slices.SortFunc(members, func(a, b member) int { return strings.Compare(a.name, b.name) })
	return encode(members)
}

func encode(members []member) *tfprotov6.DynamicValue {
	var encoded bytes.Buffer
	encoder := msgpack.GetEncoder()
	defer msgpack.PutEncoder(encoder)
	encoder.Reset(&encoded)
	_ = encoder.EncodeMapLen(len(members)) // a buffer has no errors
	for _, m := range members {
		encoded.Write(m.encoded)
	}
	return &tfprotov6.DynamicValue{MsgPack: encoded.Bytes()}
}

func encodeName(name string) []byte {
	var encoded bytes.Buffer
	encoder := msgpack.GetEncoder()
	defer msgpack.PutEncoder(encoder)
	encoder.Reset(&encoded)
	_ = encoder.EncodeString(name) // a buffer has no errors
	return encoded.Bytes()
}
