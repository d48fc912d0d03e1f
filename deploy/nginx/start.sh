#!/bin/sh
# Makes a self-signed certificate at the first start, says where plain HTTP is sent to, then serves. Put your own tls.crt and
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

# Plain HTTP is redirected to these hosts alone, and to the port that is published. `*.example.com` is a host, and no file.
set -f
port=${HTTPS_PORT:-443}
port=:${port##*:}
[ "$port" != :443 ] || port=''
hosts="localhost 127.0.0.1 [::1] ${TLS_NAME:-localhost} $(echo "${HTTP_HOSTS:-}" | tr ',' ' ')"
case "$port$hosts" in
  *[!]A-Za-z0-9.:*_[\ -]*)
    echo "TLS_NAME, HTTP_HOSTS or HTTPS_PORT has what is part of no name: $hosts $port" >&2
    exit 78
    ;;
esac
{
  echo 'map $host $redirect_host {'
  echo '  hostnames;'
  echo "  default '';"
  printf "  '%s' \$host;\n" $hosts | sort -u
  echo '}'
  echo "map '' \$redirect_port { default '$port'; }"
} > /tmp/redirect.conf

# Nginx reads certificates at its start alone. What is replaced, by the issuer or by you, is read again.
files="/certificates/ca.crt $tls/tls.crt $tls/tls.key"
follow() {
  known=$(cksum $files || true)
  while sleep "${FOLLOW_SECONDS:-10}" && kill -0 $$; do
    now=$(cksum $files || true)
    if [ "$now" != "$known" ] && nginx -c /etc/nginx/nginx.conf -t; then
      nginx -c /etc/nginx/nginx.conf -s reload
      known=$now
    fi
  done
}
follow > /dev/null 2>&1 &
exec nginx -c /etc/nginx/nginx.conf -g 'daemon off;'
