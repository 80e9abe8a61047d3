"""placeholder"""
class Hold:
    def set(self, state): pass
