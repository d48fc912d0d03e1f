#!/bin/sh
# Makes a self-signed certificate at the first start, then serves. Put your own tls.crt and
# tls.key into the nginx-tls volume to use a real one.
set -eu
tls=/etc/nginx/tls
if [ ! -s "$tls/tls.key" ]; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 397 \
    -subj "/CN=${TLS_NAME:-localhost}" \
    -addext "subjectAltName=DNS:${TLS_NAME:-localhost},DNS:localhost,IP:127.0.0.1" \
    -addext "basicConstraints=critical,CA:FALSE" \
    -keyout "$tls/tls.key.new" -out "$tls/tls.crt"
  mv "$tls/tls.key.new" "$tls/tls.key"
fi
exec nginx -g 'daemon off;'
