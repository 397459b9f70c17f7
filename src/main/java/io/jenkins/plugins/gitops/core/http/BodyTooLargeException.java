package io.jenkins.plugins.gitops.core.http;

import java.io.IOException;

/** The body of a response is larger than the limit. The message is one line without any part of the response. */
public final class BodyTooLargeException extends IOException {
    private static final long serialVersionUID = 1L;
    private static final int MIB = 1 << 20;

    BodyTooLargeException(int limit) {
        super("the response is larger than " + (limit < MIB ? limit + " bytes" : limit / MIB + " MiB")
                + " and was aborted");
    }
}
