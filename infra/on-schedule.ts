import { Duration, Stack } from "aws-cdk-lib";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { type IScheduleTarget, Schedule, ScheduleExpression, TimeWindow } from "aws-cdk-lib/aws-scheduler";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";

export interface OnScheduleProps {
  description: string;
  everyMinutes: number;
  target: IFunction;
  deadLetters: IQueue;
}

/** Starts a function every so many minutes, with a role that can do nothing else. */
export class OnSchedule extends Construct {
  constructor(scope: Construct, id: string, { description, everyMinutes, target, deadLetters }: OnScheduleProps) {
    super(scope, id);
    const role = new Role(this, "Role", {
      assumedBy: new ServicePrincipal("scheduler.amazonaws.com", {
        conditions: { StringEquals: { "aws:SourceAccount": Stack.of(this).account } },
      }),
    });
    // The library's own target would also grant every version and alias of the function.
    role.addToPolicy(new PolicyStatement({ actions: ["lambda:InvokeFunction"], resources: [target.functionArn] }));
    role.addToPolicy(new PolicyStatement({ actions: ["sqs:SendMessage"], resources: [deadLetters.queueArn] }));
    const scheduleTarget: IScheduleTarget = {
      bind: () => ({
        arn: target.functionArn,
        role,
        // A tick of that age has been replaced by the next one. The scheduler keeps none longer than a day.
        retryPolicy: { maximumEventAgeInSeconds: Math.min(everyMinutes, 1_440) * 60, maximumRetryAttempts: 2 },
        deadLetterConfig: { arn: deadLetters.queueArn },
      }),
    };
    new Schedule(this, "Schedule", {
      description,
      schedule: ScheduleExpression.rate(Duration.minutes(everyMinutes)),
      timeWindow: TimeWindow.off(),
      target: scheduleTarget,
    });
  }
}
