package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.Locale;

/** What a wait does when a change fails, or is not live in time. */
enum OnFailure {
    /** The build fails. */
    FAIL,
    /** The build becomes unstable and goes on. */
    UNSTABLE,
    /** What this build did to the target is taken back, then the build fails. */
    ROLLBACK;

    /**
     * @param word as in a Jenkinsfile; null for the default
     * @throws UserErrorException when it is none of them
     */
    static OnFailure of(@CheckForNull String word) throws UserErrorException {
        if (word == null) {
            return FAIL;
        }
        for (OnFailure value : values()) {
            if (value.value().equals(word)) {
                return value;
            }
        }
        throw new UserErrorException("onFailure: \"" + word + "\" is not known", "Write fail, unstable or rollback");
    }

    /** As in a Jenkinsfile. */
    String value() {
        return name().toLowerCase(Locale.ROOT);
    }
}
