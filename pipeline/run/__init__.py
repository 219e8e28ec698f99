"""The story, one stage a file: survey, papers (what to make and why), make, bind, accept.

Rooms never meet but here: each stage hands the result of one room to the next. Empty, so that
who asks the past need not wait for what makes papers: `stages` is the door to all of them.
"""
