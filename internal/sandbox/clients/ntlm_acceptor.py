# Accepts NTLM with gss-ntlmssp, which other people wrote. Each line of the input is a message in base64; each line of the
# output is "continue MESSAGE", "accepted USER", or "rejected REASON". The argument is the application data of the channel
# binding in hexadecimal; without it, the acceptor does not look at channel bindings. NTLM_USER_FILE has the password.
import base64
import sys

import gssapi
from gssapi.raw import ChannelBindings

NTLM = gssapi.OID.from_int_seq("1.3.6.1.4.1.311.2.2.10")


def main():
    bindings = None
    if len(sys.argv) > 1:
        bindings = ChannelBindings(application_data=bytes.fromhex(sys.argv[1]))
    credentials = gssapi.Credentials(usage="accept", mechs=[NTLM])
    context = gssapi.SecurityContext(creds=credentials, usage="accept", channel_bindings=bindings)
    for line in sys.stdin:
        try:
            reply = context.step(base64.b64decode(line))
        except gssapi.exceptions.GSSError as error:
            print("rejected", " ".join(str(error).split()), flush=True)
            return
        if context.complete:
            print("accepted", context.initiator_name, flush=True)
            return
        print("continue", base64.b64encode(reply).decode(), flush=True)


main()
