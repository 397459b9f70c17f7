package io.jenkins.plugins.gitops.core.git;

import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;

/** Reads the history of a clone; may be run several times. See {@link ConfigRepository#deepening}. */
public interface HistoryQuery<T> {
    /** The answer; may call any method that uses no network. */
    T run() throws UserErrorException, IOException;
}
