"""Negotiation simulator: will a foreign force deploy to Ukraine after a ceasefire?"""
