package io.jenkins.plugins.gitops.agent.demo;

import java.util.List;
import org.eclipse.jgit.transport.ReceiveCommand;

/** Lets a test or the demo see what reaches a {@link GitHttpServer}, and disturb it. Called on the server's threads. */
public interface GitServerHook {
    /** Sees and disturbs nothing. */
    GitServerHook NONE = new GitServerHook() {};

    /**
     * Before an authenticated request is served; may block to delay it.
     *
     * @return what to do to it
     */
    default Fault onRequest(GitRequest request) {
        return Fault.NONE;
    }

    /** Before the refs are written; may refuse a command by {@link ReceiveCommand#setResult}. */
    default void beforePush(String repository, List<ReceiveCommand> commands) {}

    /** What whoever pushes is told beside the report, before the refs are written; empty for nothing. */
    default String says(List<ReceiveCommand> commands) {
        return "";
    }

    /** After refs have been written, before the push is answered; only the commands that succeeded. */
    default void onPush(String repository, List<ReceiveCommand> commands) {}

    /**
     * What happens to a request.
     *
     * @param status an HTTP status to answer instead of serving it; 0 for none
     */
    record Fault(String name, int status) {
        /** It is served. */
        public static final Fault NONE = new Fault("none", 0);
        /** The connection is closed before anything is done. */
        public static final Fault LOSE_REQUEST = new Fault("lose request", 0);
        /** A push is taken in, then the connection is closed without an answer. */
        public static final Fault LOSE_ANSWER = new Fault("lose answer", 0);

        /** It is answered with this status, for example 503, and not served. */
        public static Fault answer(int status) {
            return new Fault("answer " + status, status);
        }
    }
}
