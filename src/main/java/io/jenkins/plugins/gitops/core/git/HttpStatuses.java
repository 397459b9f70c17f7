package io.jenkins.plugins.gitops.core.git;

import java.io.IOException;
import java.net.Proxy;
import java.net.URL;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.JDKHttpConnection;
import org.eclipse.jgit.transport.http.JDKHttpConnectionFactory;

/**
 * Opens the connections of one transport and remembers the last status: the library puts it into texts only. Given to
 * each transport, so that a factory that other code made the default of the whole JVM does not count.
 */
final class HttpStatuses extends JDKHttpConnectionFactory {
    private volatile int last;

    /** The status of the last answer; 0 when there was none. */
    int last() {
        return last;
    }

    /** Whether it says that a request failed and is done with; a gateway may have given up what the server still does. */
    static boolean isFinal(int status) {
        return status >= 300 && status != 408 && status != 502 && status != 504;
    }

    @Override
    public HttpConnection create(URL url) throws IOException {
        return new JDKHttpConnection(url) {
            @Override
            public int getResponseCode() throws IOException {
                return note(super.getResponseCode());
            }
        };
    }

    @Override
    public HttpConnection create(URL url, Proxy proxy) throws IOException {
        return new JDKHttpConnection(url, proxy) {
            @Override
            public int getResponseCode() throws IOException {
                return note(super.getResponseCode());
            }
        };
    }

    private int note(int status) {
        last = status;
        return status;
    }
}
