package proofload

import (
	"encoding/binary"
	"math"
	"strconv"
	"time"

	"go.k6.io/k6/v2/lib/netext/httpext"
	"go.k6.io/k6/v2/metrics"
)

// Version of the layout below; lib/traffic/k6/rows.ts reads it. Little endian, times in microseconds since the epoch.
//
//	header     "PFK6" u16 version
//	1 text     u32 id, u16 length, bytes                                   before the first row that uses the id; id 0 is ""
//	2 request  u64 start, u32 duration, u32 operation, u16 status, u16 error code, u8 expected
//	3 iteration u64 start, u64 duration, u32 flow, u32 index (0xffffffff: unknown)
//	4 dropped  u64 time, u32 count, u32 flow
//	5 users    u64 time, u32 active, u32 allocated
//	6 data     u64 time, u64 sent, u64 received                            bytes since the last such row
//	7 checks   u32 name, u32 passed, u32 failed                            since the last such row of that name
//	8 start    u64 time, u32 flow                                          the first iteration of the flow began
//	255 end    u64 time, u64 rows of each kind 1..8                        the last row: nothing is missing
const layoutVersion = 1

const (
	kindText = iota + 1
	kindRequest
	kindIteration
	kindDropped
	kindUsers
	kindData
	kindChecks
	kindStart
	kindEnd = 255
)

type requestTags struct {
	operation uint32
	status    uint16
	errorCode uint16
	expected  uint8
}

type checkCount struct{ passed, failed uint32 }

type rows struct {
	buffer         []byte
	counts         [kindStart + 1]uint64
	texts          map[string]uint32
	tags           map[*metrics.TagSet]requestTags
	checks         map[string]*checkCount
	sent, received float64
	users          uint32
	dataAt         time.Time
}

func newRows() *rows {
	return &rows{texts: map[string]uint32{"": 0}, tags: map[*metrics.TagSet]requestTags{}, checks: map[string]*checkCount{}}
}

func (r *rows) header() []byte {
	return binary.LittleEndian.AppendUint16([]byte("PFK6"), layoutVersion)
}

func (r *rows) row(kind byte)  { r.buffer = append(r.buffer, kind); r.counts[kind]++ }
func (r *rows) u8(v uint8)     { r.buffer = append(r.buffer, v) }
func (r *rows) u16(v uint16)   { r.buffer = binary.LittleEndian.AppendUint16(r.buffer, v) }
func (r *rows) u32(v uint32)   { r.buffer = binary.LittleEndian.AppendUint32(r.buffer, v) }
func (r *rows) u64(v uint64)   { r.buffer = binary.LittleEndian.AppendUint64(r.buffer, v) }
func (r *rows) at(t time.Time) { r.u64(uint64(t.UnixMicro())) }

func (r *rows) text(value string) uint32 {
	id, known := r.texts[value]
	if !known {
		id = uint32(len(r.texts))
		r.texts[value] = id
		short := value[:min(len(value), math.MaxUint16)]
		r.row(kindText)
		r.u32(id)
		r.u16(uint16(len(short)))
		r.buffer = append(r.buffer, short...)
	}
	return id
}

// request writes what the client waited for: k6's own http_req_duration leaves out waiting for a connection and connecting.
// Blocked lasts from wanting a connection to having one, so it contains connecting and TLS where those succeeded.
func (r *rows) request(trail *httpext.Trail) {
	tags := r.requestTags(trail.Tags)
	duration := max(trail.Blocked, trail.ConnDuration) + trail.Sending + trail.Waiting + trail.Receiving
	r.row(kindRequest)
	r.at(trail.EndTime.Add(-duration))
	r.u32(uint32(min(duration.Microseconds(), math.MaxUint32)))
	r.u32(tags.operation)
	r.u16(tags.status)
	r.u16(tags.errorCode)
	r.u8(tags.expected)
}

func (r *rows) requestTags(set *metrics.TagSet) requestTags {
	if known, ok := r.tags[set]; ok {
		return known
	}
	number := func(key string) uint16 {
		text, _ := set.Get(key)
		value, _ := strconv.ParseUint(text, 10, 16)
		return uint16(value)
	}
	name, _ := set.Get("name")
	tags := requestTags{operation: r.text(name), status: number("status"), errorCode: number("error_code"), expected: 1}
	if expected, isSet := set.Get("expected_response"); isSet && expected == "false" {
		tags.expected = 0
	}
	r.tags[set] = tags
	return tags
}

func (r *rows) flow(sample metrics.Sample) uint32 {
	name, _ := sample.Tags.Get("scenario")
	return r.text(name)
}

func (r *rows) sample(sample metrics.Sample) {
	switch sample.Metric.Name {
	case metrics.IterationDurationName:
		r.iteration(sample)
	case metrics.DroppedIterationsName:
		flow := r.flow(sample)
		r.row(kindDropped)
		r.at(sample.Time)
		r.u32(uint32(sample.Value))
		r.u32(flow)
	case metrics.VUsName:
		r.users = uint32(sample.Value)
	case metrics.VUsMaxName: // comes right after vus
		r.row(kindUsers)
		r.at(sample.Time)
		r.u32(r.users)
		r.u32(uint32(sample.Value))
	case metrics.DataSentName:
		r.sent += sample.Value
		r.dataAt = sample.Time
	case metrics.DataReceivedName:
		r.received += sample.Value
		r.dataAt = sample.Time
	case metrics.ChecksName:
		r.check(sample)
	case startGauge:
		flow := r.flow(sample)
		r.row(kindStart)
		r.at(sample.Time)
		r.u32(flow)
	}
}

func (r *rows) iteration(sample metrics.Sample) {
	index, err := strconv.ParseUint(sample.Metadata[indexKey], 10, 32)
	if err != nil {
		index = math.MaxUint32
	}
	duration := time.Duration(sample.Value * float64(time.Millisecond))
	flow := r.flow(sample)
	r.row(kindIteration)
	r.at(sample.Time.Add(-duration))
	r.u64(uint64(duration.Microseconds()))
	r.u32(flow)
	r.u32(uint32(index))
}

func (r *rows) check(sample metrics.Sample) {
	name, _ := sample.Tags.Get("check")
	count := r.checks[name]
	if count == nil {
		count = &checkCount{}
		r.checks[name] = count
	}
	if sample.Value != 0 {
		count.passed++
	} else {
		count.failed++
	}
}

// take gives the rows since the last call, the sums of data and checks among them, and starts anew.
func (r *rows) take() []byte {
	if r.sent+r.received > 0 {
		r.row(kindData)
		r.at(r.dataAt)
		r.u64(uint64(r.sent))
		r.u64(uint64(r.received))
		r.sent, r.received = 0, 0
	}
	for name, count := range r.checks {
		if count.passed+count.failed > 0 {
			id := r.text(name)
			r.row(kindChecks)
			r.u32(id)
			r.u32(count.passed)
			r.u32(count.failed)
			*count = checkCount{}
		}
	}
	batch := r.buffer
	r.buffer = make([]byte, 0, max(cap(batch), 4096))
	return batch
}

func (r *rows) trailer(now time.Time) []byte {
	batch := append(r.take(), kindEnd)
	batch = binary.LittleEndian.AppendUint64(batch, uint64(now.UnixMicro()))
	for kind := kindText; kind <= kindStart; kind++ {
		batch = binary.LittleEndian.AppendUint64(batch, r.counts[kind])
	}
	return batch
}
