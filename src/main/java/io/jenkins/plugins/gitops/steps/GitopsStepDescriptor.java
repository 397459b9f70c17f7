package io.jenkins.plugins.gitops.steps;

import hudson.AbortException;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import net.sf.json.JSONArray;
import net.sf.json.JSONObject;
import org.jenkinsci.plugins.structs.describable.DescribableModel;
import org.jenkinsci.plugins.structs.describable.DescribableParameter;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.kohsuke.stapler.StaplerRequest2;

/** Common base class of the steps' descriptors. */
abstract class GitopsStepDescriptor extends StepDescriptor {
    private static final String IMAGES = "images";

    /** Requires neither a workspace nor a launcher, since every step runs without an executor. */
    @Override
    public Set<? extends Class<?>> getRequiredContext() {
        return Set.of(Run.class, TaskListener.class, FlowNode.class);
    }

    /** Validates all arguments from a Pipeline. */
    @Override
    public Step newInstance(Map<String, Object> arguments) throws Exception {
        DescribableModel<? extends Step> model = DescribableModel.of(clazz);
        Map<String, StepArguments.Parameter> parameters = new HashMap<>();
        for (DescribableParameter parameter : model.getParameters()) {
            parameters.put(
                    parameter.getName(),
                    new StepArguments.Parameter(
                            StepArguments.Type.of(parameter.getErasedType()), parameter.isRequired()));
        }
        Map<String, Object> checked;
        try {
            checked = new StepArguments(getFunctionName(), parameters).check(arguments);
        } catch (UserErrorException e) {
            throw new AbortException(e.getMessage());
        }
        return model.instantiate(checked, null);
    }

    /**
     * In a form, images are lines, and an empty field means that it was not given. In a script, an empty text is
     * rejected, since a variable that should contain the tag probably does not.
     */
    @Override
    public Step newInstance(StaplerRequest2 request, JSONObject form) throws FormException {
        JSONObject given = new JSONObject();
        for (Object entry : form.entrySet()) {
            Map.Entry<?, ?> field = (Map.Entry<?, ?>) entry;
            Object value = IMAGES.equals(field.getKey()) ? lines(field.getValue()) : field.getValue();
            if (!"".equals(value)) {
                given.put(field.getKey().toString(), value);
            }
        }
        return super.newInstance(request, given);
    }

    private static Object lines(Object text) {
        List<String> lines = text.toString()
                .lines()
                .map(String::trim)
                .filter(line -> !line.isEmpty())
                .toList();
        return lines.isEmpty() ? "" : JSONArray.fromObject(lines);
    }

    /** For the stage view: the arguments that identify the target come first. */
    @Override
    public String argumentsToString(Map<String, Object> arguments) {
        StringJoiner words = new StringJoiner(" ");
        for (String name : new String[] {"app", "env", "from", "to", "image", "tag", "digest", "images", "revision"}) {
            Object value = arguments.get(name);
            if (value instanceof CharSequence) {
                words.add(value.toString());
            } else if (value instanceof List) {
                ((List<?>) value).forEach(v -> words.add(String.valueOf(v)));
            }
        }
        return words.length() == 0 ? null : words.toString();
    }
}
