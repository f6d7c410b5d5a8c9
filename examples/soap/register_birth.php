<?php
// Register a birth from the WSDL alone, with PHP's SoapClient: read the receipt, ask for its journey, see every
// fault at once.
//
// php register_birth.php WSDL CLIENT_ID SOAP_PASSWORD NUMBER

const WSSE = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
const WSU = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd';
const PROFILE = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#';
const BASE64 = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary';

/** A new one for each message: a nonce is accepted once. */
function securityHeader(string $user, string $password): SoapHeader
{
    $nonce = random_bytes(16);
    $created = gmdate('Y-m-d\TH:i:s\Z');
    $digest = base64_encode(sha1($nonce . $created . $password, true));
    $xml = sprintf(
        '<wsse:Security xmlns:wsse="%s" xmlns:wsu="%s"><wsse:UsernameToken>'
        . '<wsse:Username>%s</wsse:Username><wsse:Password Type="%sPasswordDigest">%s</wsse:Password>'
        . '<wsse:Nonce EncodingType="%s">%s</wsse:Nonce><wsu:Created>%s</wsu:Created>'
        . '</wsse:UsernameToken></wsse:Security>',
        WSSE, WSU, htmlspecialchars($user), PROFILE, $digest, BASE64, base64_encode($nonce), $created
    );
    return new SoapHeader(WSSE, 'Security', new SoapVar($xml, XSD_ANYXML), true);
}

function person(string $name, string $sex, int $year, string $personalId): array
{
    return [
        'name' => ['full' => $name],
        'sex' => $sex,
        'birth_date' => ['year' => $year, 'month' => 3, 'day' => 14],
        'ethnic_group_code' => '01',
        'nationality' => 'VN',
        'personal_id' => $personalId,
        'residence' => ['kind' => 'permanent', 'place' => ['province_code' => '08', 'commune_code' => '00691']],
    ];
}

/** An invented birth, registered just now. */
function birth(string $number): array
{
    $now = new DateTimeImmutable('now', new DateTimeZone('+07:00'));
    $born = $now->modify('-3 days');
    $place = ['province_code' => '08', 'commune_code' => '00691', 'detail' => 'Bệnh viện đa khoa'];
    return [
        'source_event_id' => "PHP-$number",
        'registration' => [
            'authority_code' => '00691',
            'registered_at' => $now->format('Y-m-d\TH:i:sP'),
            'book_code' => 'KS',
            'volume' => $now->format('01/Y'),
            'number' => $number,
            'kind' => 'on_time',
        ],
        'child' => [
            'name' => ['full' => 'LÊ THỬ NGHIỆM'],
            'sex' => 'female',
            'birth_date' => [
                'year' => (int) $born->format('Y'),
                'month' => (int) $born->format('n'),
                'day' => (int) $born->format('j'),
            ],
            'ethnic_group_code' => '01',
            'nationality' => 'VN',
            'place_of_origin' => $place,
            'place_of_birth' => $place,
        ],
        'mother' => person('PHẠM THỊ MẪU', 'female', 1997, sprintf('099197%06d', $number)),
        'father' => person('LÊ VĂN VÍ DỤ', 'male', 1994, sprintf('099094%06d', $number)),
        'birth' => ['abandoned' => false],
    ];
}

/** The same with five mistakes. */
function spoilt(string $number): array
{
    $event = birth("{$number}9");
    $event['registration']['authority_code'] = '691';
    $event['child']['sex'] = 'girl';
    $event['child']['nationality'] = 'Việt Nam';
    $event['mother']['personal_id'] = '197';
    $event['copies_requested'] = -1;
    return $event;
}

[, $wsdl, $clientId, $password, $number] = $argv;
$client = new SoapClient($wsdl, [
    'cache_wsdl' => WSDL_CACHE_NONE,
    'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
    'exceptions' => true,
    'soap_version' => getenv('SOAP_VERSION') === '1.2' ? SOAP_1_2 : SOAP_1_1,
]);
$call = function (string $operation, array $question) use ($client, $clientId, $password) {
    return $client->__soapCall($operation, [$question], null, securityHeader($clientId, $password));
};

$receipt = $call('RegisterBirth', ['birth' => birth($number)])->receipt;
echo "event_id {$receipt->event_id}\n";
echo "due_at {$receipt->due_at}\n";
foreach ($call('GetEventStatus', ['event_id' => $receipt->event_id])->event->deliveries as $delivery) {
    echo "delivery {$delivery->destination} {$delivery->state}\n";
}
try {
    $call('RegisterBirth', ['birth' => spoilt($number)]);
} catch (SoapFault $fault) {
    $problem = $fault->detail->problem;
    echo "refused {$problem->code}\n";
    foreach ($problem->errors as $error) {
        echo "fault {$error->pointer} {$error->code} {$error->message_vi}\n";
    }
}
