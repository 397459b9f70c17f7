package io.jenkins.plugins.gitops.agent.demo;

import java.util.List;
import org.eclipse.jgit.transport.ReceiveCommand;

/**
 * Lets a test or the demo observe and disturb the requests to a {@link GitHttpServer}. Called on the server's threads.
 */
public interface GitServerHook {
    /** Does nothing. */
    GitServerHook NONE = new GitServerHook() {};

    /**
     * Called before an authenticated request is served; may block to delay it.
     *
     * @return the fault to inject; {@link Fault#NONE} for none
     */
    default Fault onRequest(GitRequest request) {
        return Fault.NONE;
    }

    /** Called before the refs are updated; may reject a command with {@link ReceiveCommand#setResult}. */
    default void beforePush(String repository, List<ReceiveCommand> commands) {}

    /**
     * Returns the text to send to the client in addition to the report, before the refs are updated; empty for none.
     */
    default String says(List<ReceiveCommand> commands) {
        return "";
    }

    /** Called after refs were updated and before the response is sent, with the commands that succeeded. */
    default void onPush(String repository, List<ReceiveCommand> commands) {}

    /**
     * How a request is disturbed.
     *
     * @param status the HTTP status to respond with instead of serving the request; 0 for none
     */
    record Fault(String name, int status) {
        /** The request is served. */
        public static final Fault NONE = new Fault("none", 0);
        /** The connection is closed before anything is done. */
        public static final Fault LOSE_REQUEST = new Fault("lose request", 0);
        /** A push is processed, then the connection is closed without a response. */
        public static final Fault LOSE_ANSWER = new Fault("lose answer", 0);

        /** The request is answered with this status, for example 503, and not served. */
        public static Fault answer(int status) {
            return new Fault("answer " + status, status);
        }
    }
}
