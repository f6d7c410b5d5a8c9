<?php
// Sends events to the gateway: php send.php FILE…  Needs GATEWAY, CLIENT_ID, CLIENT_SECRET in the environment.
// Status 0: every event has a receipt. 1: some were refused. 2: the gateway could not be asked.
// Needs PHP 8 without any extension.
declare(strict_types=1);

const TRY_AGAIN = [408, 429, 500, 502, 503, 504];
const ATTEMPTS_MAX = 8;

/** One request; sent again, unchanged, while nobody answers or the gateway asks for time. */
function call(string $path, ?string $body = null, array $headers = []): array
{
    $http = ['method' => $body === null ? 'GET' : 'POST', 'header' => $headers, 'ignore_errors' => true, 'timeout' => 60];
    if ($body !== null) {
        $http['content'] = $body;
    }
    for ($attempt = 1; ; $attempt++) {
        $wait = min(2 ** $attempt, 60);
        $http_response_header = [];
        $answer = @file_get_contents(getenv('GATEWAY') . $path, false, stream_context_create(['http' => $http]));
        preg_match('/^HTTP\S+ (\d+)/', $http_response_header[0] ?? '', $found);
        $status = (int) ($found[1] ?? 0);
        if ($answer !== false && $status !== 0 && !in_array($status, TRY_AGAIN, true)) {
            return [$status, json_decode($answer, true, 64, JSON_THROW_ON_ERROR)];
        }
        if ($attempt === ATTEMPTS_MAX) {
            fwrite(STDERR, "no answer, or none that helps: $status\n");
            exit(2);
        }
        foreach ($http_response_header as $line) {
            if (preg_match('/^Retry-After:\s*(\d+)/i', $line, $found)) {
                $wait = (int) $found[1];
            }
        }
        sleep($wait);
    }
}

/** Good for an hour (`expires_in`): keep it, and get a new one after a 401. */
function token(): string
{
    $form = http_build_query([
        'grant_type' => 'client_credentials',
        'client_id' => getenv('CLIENT_ID'),
        'client_secret' => getenv('CLIENT_SECRET'),
    ]);
    [$status, $answer] = call('/oauth/token', $form, ['Content-Type: application/x-www-form-urlencoded']);
    if ($status !== 200) {
        fwrite(STDERR, "no token: {$answer['detail']}\n");
        exit(2);
    }
    return $answer['access_token'];
}

/** Hand in one event; true when it has a receipt. */
function send(string $file, string $bearer): bool
{
    // The same key for every attempt at the same event: what was stored is recognised, never stored twice.
    $headers = [$bearer, 'Content-Type: application/json', 'Idempotency-Key: ' . basename($file, '.json')];
    [$status, $answer] = call('/api/v1/events', file_get_contents($file), $headers);
    switch ($status) {
        case 200: // accepted before: the same receipt again
        case 202: // accepted now. Keep the receipt.
            echo "accepted {$answer['event_id']}\n";
            show_journey($answer['event_id'], $bearer);
            return true;
        case 422: // every fault at once: correct them all, then send again
            foreach ($answer['errors'] as $fault) {
                echo "fault {$fault['pointer']} {$fault['code']} {$fault['message_vi']}\n";
            }
            return false;
        case 409: // the number or the entry belongs to other content: a person compares
            echo "conflict {$answer['code']} {$answer['detail']}\n";
            return false;
        default:
            echo "refused $status {$answer['code']} {$answer['detail']}\n";
            return false;
    }
}

/** What became of it: ask as often as you like, or subscribe to a webhook. */
function show_journey(string $event_id, string $bearer): void
{
    [, $journey] = call("/api/v1/events/$event_id", null, [$bearer]);
    foreach ($journey['deliveries'] as $delivery) {
        echo "journey $event_id {$delivery['destination']} {$delivery['state']}\n";
    }
}

$bearer = 'Authorization: Bearer ' . token();
$refused = 0;
foreach (array_slice($argv, 1) as $file) {
    $refused += send($file, $bearer) ? 0 : 1;
}
exit($refused === 0 ? 0 : 1);
