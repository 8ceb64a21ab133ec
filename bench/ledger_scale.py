"""How the ledger's operations cost as it grows: `bench/run ledger`.

A point read, a page of 50 entries and a posting, each measured in a small ledger (10^4 entries on 10
accounts, one tenant) and in large ones: ENTRIES entries (10^6 unless set; 10^7 takes about an hour to
write) on one account, ACCOUNTS accounts (10^5), TENANTS tenants (10^4). The ratio of each figure is
large / small, measured in turn, medians of ROUNDS rounds: 1.25 is the most it may be. One connection
at a time, so that the figures are costs, and not queues.
"""
import http.client
import json
import os
import pathlib
import ssl
import statistics
import subprocess
import time
import urllib.parse
import uuid

ENTRIES = int(os.environ.get("ENTRIES", "1000000"))
ACCOUNTS = int(os.environ.get("ACCOUNTS", "100000"))
TENANTS = int(os.environ.get("TENANTS", "10000"))
SMALL_ENTRIES = 10_000
REQUESTS = 400
BATCH = 50


class Ledger:
    """A development server, and a book that grows in it."""

    def __init__(self, binary, directory):
        self.process = subprocess.Popen(
            [binary, "dev", "--data", directory, "--port", "0", "--output", "json"],
            stdout=subprocess.PIPE, text=True)
        self.ready = json.loads(self.process.stdout.readline())
        self.context = ssl.create_default_context(cafile=self.ready["ca"])
        self.url = urllib.parse.urlparse(self.ready["graphql"])
        self.connection = None
        self.account_id = self.ready["account_id"]
        self.accounts = []
        entry = ('{accountId: "params.%s", units: "params.amount", currency: "\'USD\'", direction: "%s"}')
        self.tran_code = ('createTranCode(input: {tranCodeId: "%s", code: "SCALE", params: [{name: "dr", type: UUID} '
                          '{name: "cr", type: UUID} {name: "amount", type: DECIMAL}], transaction: {}, entries: [%s %s]}) { code }'
                          % (uuid.uuid4(), entry % ("dr", "DEBIT"), entry % ("cr", "CREDIT")))
        self.ask("mutation { " + self.tran_code + " }")
        self.add_accounts(10)

    def ask(self, query, account_id=None):
        if self.connection is None:
            self.connection = http.client.HTTPSConnection("localhost", self.url.port, context=self.context)
        self.connection.request("POST", self.url.path, json.dumps({"query": query}), {
            "content-type": "application/json", "authorization": "Bearer " + self.ready["token"],
            "x-twisp-account-id": account_id or self.account_id})
        body = json.loads(self.connection.getresponse().read())
        if body.get("errors"):
            raise SystemExit(f"error: {body['errors'][0]}")
        return body["data"]

    def add_accounts(self, count):
        made = [str(uuid.uuid4()) for _ in range(count)]
        for start in range(0, count, BATCH):
            self.ask("mutation {" + " ".join(
                f'a{i}: createAccount(input: {{accountId: "{id}", name: "x", code: "{id}"}}) {{ accountId }}'
                for i, id in enumerate(made[start:start + BATCH])) + "}")
        self.accounts += made

    def post(self, count, debit, credit, account_id=None):
        for start in range(0, count, BATCH):
            self.ask("mutation {" + " ".join(
                f'p{i}: postTransaction(input: {{transactionId: "{uuid.uuid4()}", tranCode: "SCALE", '
                f'params: {{dr: "{debit}", cr: "{credit}", amount: "1.01"}}}}) {{ transactionId }}'
                for i in range(min(BATCH, count - start))) + "}", account_id)

    def add_tenants(self, count):
        for start in range(0, count, 10):
            self.ask("mutation { admin {" + " ".join(
                f't{i}: createTenant(input: {{id: "{uuid.uuid4()}", accountId: "T{start + i}", name: "t", description: ""}}) {{ id }}'
                for i in range(min(10, count - start))) + "}}")

    def memory_mib(self):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
        return 0

    def stop(self):
        self.process.terminate()
        self.process.wait(60)


def point_read(ledger, number):
    ledger.ask(f'{{ account(id: "{ledger.accounts[number % len(ledger.accounts)]}") {{ accountId name code status }} }}')


def page(ledger, number):
    ledger.ask(f'{{ account(id: "{ledger.accounts[0]}") {{ entries(first: 50) {{ nodes {{ entryId units }} }} }} }}')


def posting(ledger, number):
    ledger.post(1, ledger.accounts[0], ledger.accounts[1 + number % (len(ledger.accounts) - 1)])


WORK = {"read": point_read, "page": page, "posting": posting}


def cost(ledger, work):
    for number in range(20):
        work(ledger, number)
    times = []
    for number in range(REQUESTS):
        begin = time.perf_counter()
        work(ledger, number)
        times.append(time.perf_counter() - begin)
    return statistics.median(times) * 1e6


def compare(name, large, small, rounds, report):
    for kind, work in WORK.items():
        figures = {"large": [], "small": []}
        for _ in range(rounds):
            figures["small"].append(cost(small, work))
            figures["large"].append(cost(large, work))
        report(f"ledger.{name}.{kind}", statistics.median(figures["large"]), "us",
               statistics.median(figures["small"]))
    report(f"ledger.{name}.memory", large.memory_mib(), "MiB", small.memory_mib())


def measure(binary, directory, rounds, report):
    def book(name):
        ledger = Ledger(binary, directory / name)
        ledger.post(SMALL_ENTRIES // 2, ledger.accounts[0], ledger.accounts[1])
        return ledger

    small = book("small")
    try:
        for name, grow in (
                ("entries", lambda ledger: ledger.post((ENTRIES - SMALL_ENTRIES) // 2, ledger.accounts[0], ledger.accounts[1])),
                ("accounts", lambda ledger: ledger.add_accounts(ACCOUNTS)),
                ("tenants", lambda ledger: ledger.add_tenants(TENANTS))):
            large = book(name)
            try:
                grow(large)
                compare(name, large, small, rounds, report)
            finally:
                large.stop()
    finally:
        small.stop()
