from .executions import Hold
class AthenaService:
    def __init__(self,*a): self.hold=Hold()
    def handle(self,o,r): raise NotImplementedError
    def close(self): pass
