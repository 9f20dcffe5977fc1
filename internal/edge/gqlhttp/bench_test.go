package gqlhttp

import (
	"net/http/httptest"
	"testing"
)

func BenchmarkPost(b *testing.B) {
	h := newHandler(b, standard(), Options{})
	body := `{"query":"query Q($n:String!){hello __type(name:$n){name}}","operationName":"Q","variables":{"n":"x"}}`
	b.ReportAllocs()
	for b.Loop() {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, call{body: body}.request())
		if w.Code != 200 {
			b.Fatal(w.Body)
		}
	}
}
