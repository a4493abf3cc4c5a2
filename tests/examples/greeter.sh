#!/bin/bash
# A service in bash: says who called, and every line of theirs in capitals. Its connection is $1.
exec 0<&"$1" 1>&"$1"
echo "hello $TCPREMOTEIP, you are visitor $TALK_SESSION"
while read -r line; do
  echo "${line^^}"
done
