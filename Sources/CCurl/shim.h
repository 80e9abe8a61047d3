#include <curl/curl.h>

// Swift calls no variadic function: one of these for each type of argument.
static inline CURLcode tokyo_curl_set_long(CURL *easy, CURLoption option, long value) {
  return curl_easy_setopt(easy, option, value);
}
