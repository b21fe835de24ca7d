"""Incidents to alerts: an operator's rules, windows of time, and what rings. Pure: time is an argument.

>>> default_rules().rules[0].on
'casualties'
"""

from streams.alerting.episodes import Episode
from streams.alerting.errors import Problem, RulesError
from streams.alerting.evaluator import Evaluator
from streams.alerting.facts import Facts
from streams.alerting.memory import decoders
from streams.alerting.occasions import Change
from streams.alerting.rulefile import default_rules, load_rules, parse_rules
from streams.alerting.rules import Rule, RuleSet

__all__ = [
    "Change",
    "Episode",
    "Evaluator",
    "Facts",
    "Problem",
    "Rule",
    "RuleSet",
    "RulesError",
    "decoders",
    "default_rules",
    "load_rules",
    "parse_rules",
]
