"""Readers and writers that go on while something else happens to a table of moves."""

import random
import threading
from datetime import date

import psycopg

from moves import Move, Moves


class Readers:
    """Ask the same question over and over; its true answer never changes."""

    def __init__(self, moves: Moves, count: int = 4):
        self.moves = moves
        self.answers = 0
        self.answers_of_both_tiers = 0
        self.wrong: list[str] = []
        self._stopping = threading.Event()
        self._changed = threading.Condition()
        self._threads = [threading.Thread(target=self._read, name=f"reader {number}") for number in range(count)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _read(self):
        while not self._stopping.is_set():
            try:
                answer = self.moves.ask()
                tiers = {day["tier"] for day in answer["days"]}
                right = answer["rows"] == self.moves.total and answer["partial"] is False
                complaint = None if right else f"{answer['rows']} instead of {self.moves.total}, from {tiers}"
            except Exception as error:  # any error is a wrong answer, and the test says which
                tiers, complaint = set(), str(error)
            with self._changed:
                self.answers += 1
                self.answers_of_both_tiers += "hot" in tiers and bool(tiers & {"cold", "cold+overlay"})
                if complaint:
                    self.wrong.append(complaint)
                self._changed.notify_all()

    def wait_for(self, answers: int, of_both_tiers: int):
        def enough():
            return self.wrong or self.answers >= answers and self.answers_of_both_tiers >= of_both_tiers

        with self._changed:
            assert self._changed.wait_for(enough, timeout=300), f"only {self.answers} answers"


class Writers:
    """Move amounts between rows of today and late rows of retired days, and rows of other days on demand."""

    def __init__(self, moves: Moves, retired: list[date], count: int = 2):
        self.moves = moves
        self.retired = [move for day in retired for move in moves.rows[day]]
        self.others: list[Move] = []
        self.transactions = 0
        self.failures: list[str] = []
        self._stopping = threading.Event()
        self._turns = [threading.Lock() for _ in range(count)]
        self._threads = [
            threading.Thread(target=self._write, args=[number], name=f"writer {number}")
            for number in range(count)
        ]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def touch(self, days: list[date]):
        """From now on also rows of these days change; no transaction that began before is open then."""
        for turn in self._turns:
            turn.acquire()
        self.others = [move for day in days for move in self.moves.rows[day]]
        for turn in self._turns:
            turn.release()

    def _write(self, number: int):
        choose = random.Random(number)
        try:
            with self.moves.tokyo.connect(autocommit=True) as connection:
                while not self._stopping.is_set():
                    with self._turns[number]:
                        self._move(connection, choose)
        except psycopg.Error as error:
            self.failures.append(str(error))

    def _move(self, connection: psycopg.Connection, choose: random.Random):
        amount = choose.randint(1, 500)
        with connection.transaction() as transaction:
            if self.others and choose.random() < 0.5:
                move = choose.choice(self.others)
                changed = connection.execute(
                    "UPDATE moves SET amount = amount + %s WHERE id = %s", [amount, move.id])
                if changed.rowcount == 0:  # the day was retired meanwhile: hot has no such row to change
                    raise psycopg.Rollback(transaction)
            else:
                move = choose.choice(self.retired)
                connection.execute(
                    f"""
                    INSERT INTO moves VALUES (%s, %s, %s, %s, %s)
                    ON CONFLICT ({self.moves.key}) DO UPDATE SET amount = moves.amount + %s
                    """, [move.id, move.at, move.account, move.amount + amount, move.note, amount])
            connection.execute(
                "UPDATE moves SET amount = amount - %s WHERE id = %s",
                [amount, choose.choice(self.moves.rows_today).id])
        self.transactions += 1
