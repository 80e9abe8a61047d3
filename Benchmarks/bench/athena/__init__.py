"""The group `athena`: a big answer and many small ones, from the laboratory of the tests, by awswrangler, PyAthena and ours."""
