#!/bin/sh
# Sends events to the gateway: send.sh FILE…  Needs GATEWAY, CLIENT_ID, CLIENT_SECRET in the environment.
# Status 0: every event has a receipt. 1: some were refused. 2: the gateway could not be asked.
set -eu

# curl waits as Retry-After says after 408, 429, 500, 502, 503 and 504, and tries again when nobody answers.
call() { curl --silent --show-error --max-time 60 --retry 8 --retry-all-errors --retry-connrefused "$@"; }

# One member of a flat JSON object; with jq it would be: jq -r .NAME
member() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" | head -n 1; }

token=$(call "$GATEWAY/oauth/token" --data grant_type=client_credentials \
    --data-urlencode "client_id=$CLIENT_ID" --data-urlencode "client_secret=$CLIENT_SECRET" | member access_token)
[ -n "$token" ] || { echo "no token: check CLIENT_ID and CLIENT_SECRET" >&2; exit 2; }

answer=$(mktemp)
trap 'rm -f "$answer"' EXIT
status=0
for file in "$@"; do
    # The same key for every attempt at the same event: what was stored already is recognised, never stored twice.
    key=$(basename "$file" .json)
    code=$(call "$GATEWAY/api/v1/events" --output "$answer" --write-out '%{http_code}' \
        --header "Authorization: Bearer $token" --header "Content-Type: application/json" \
        --header "Idempotency-Key: $key" --data-binary "@$file") || { echo "no answer" >&2; exit 2; }
    case $code in
    200 | 202)  # 202: accepted now; 200: accepted before, the same receipt again. Keep it.
        event_id=$(member event_id <"$answer")
        echo "accepted $event_id"
        call "$GATEWAY/api/v1/events/$event_id" --header "Authorization: Bearer $token" \
            | grep -o '"destination":"[^"]*"' | sort -u | sed "s/\"destination\":\"\(.*\)\"/journey $event_id \1/"
        ;;
    422)  # every fault at once: correct them all, then send again
        grep -o '{"pointer":"[^"]*","code":"[^"]*"' "$answer" \
            | sed 's/{"pointer":"\(.*\)","code":"\(.*\)"/fault \1 \2/'
        status=1
        ;;
    409)  # the number or the entry belongs to other content: a person compares
        echo "conflict $(member code <"$answer")"
        status=1
        ;;
    401) echo "the token is no longer good: get a new one, send again" >&2; exit 2 ;;
    *) echo "refused $code $(member code <"$answer")"; status=1 ;;
    esac
done
exit $status
