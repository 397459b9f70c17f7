package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.Locale;

/** What a step does when a change fails or does not become live in time. */
enum OnFailure {
    /** The build fails. */
    FAIL,
    /** The build becomes unstable and continues. */
    UNSTABLE,
    /** The changes of this build to the target are rolled back, then the build fails. */
    ROLLBACK;

    /**
     * @param word as in a Jenkinsfile; null for the default
     * @throws UserErrorException when the word is unknown
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
